import fc from "fast-check";
import { expect, test } from "vitest";
import type { Outgoing } from "./outgoing.ts";
import { type PushPayload, shortPayloadBytes, toPushPayload } from "./push-payload.ts";

const outgoing: Outgoing = { userId: "ann", delivery: "7-push", category: "outbid", priority: "normal", title: "Outbid", count: 1, at: 0 };

test("whatever a notification says, its payload keeps to the limit, is whole JSON, and says what is left as it was", () => {
  const text = (most: number) => fc.string({ unit: "binary", maxLength: most });
  const content = fc.record({ title: text(400), body: text(4_000), link: text(1_500), data: fc.record({ text: text(3_500) }) }, { requiredKeys: ["title"] });
  fc.assert(
    fc.property(content, fc.integer({ min: shortPayloadBytes, max: 3_000 }), (some, limitBytes) => {
      const payload = toPushPayload({ ...outgoing, ...some }, limitBytes);

      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(limitBytes);
      const { title, body = "", link, data } = JSON.parse(payload) as PushPayload;
      for (const [left, whole] of [[title, some.title] as const, [body, some.body ?? ""] as const]) {
        expect(left.isWellFormed()).toBe(true);
        expect(left === whole || (left.endsWith("…") && whole.startsWith(left.slice(0, -1)))).toBe(true);
      }
      expect([undefined, some.link]).toContain(link);
      expect([undefined, JSON.stringify(some.data)]).toContain(data === undefined ? undefined : JSON.stringify(data));
    }),
  );
});

test("a digest lists its titles, the uppermost first, ten at most", () => {
  const digest = Array.from({ length: 12 }, (_, number) => ({ title: `Number ${number}` })) as unknown as NonNullable<Outgoing["digest"]>;

  const { body, count } = JSON.parse(toPushPayload({ ...outgoing, digest, count: 12 }, 3_000)) as PushPayload;

  expect(body?.split("\n")).toEqual(Array.from({ length: 10 }, (_, number) => `Number ${number}`));
  expect(count).toBe(12);
});
