import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ServerFrame } from "../../nexios/src/protocol/frame.ts";
import { binary, createDoorman, issue, json, openApp, visit, visitRoom, type Visitor } from "./realtime-house.ts";

async function snapshotOf(visitor: Visitor): Promise<{ readonly state: string; readonly inflatedBytes: number | undefined; readonly parts: number }> {
  const parts: Extract<ServerFrame, { readonly kind: "snapshot" }>[] = [await visitor.next("snapshot")];
  while (parts.length < (parts[0]?.parts ?? 0)) parts.push(await visitor.next("snapshot"));
  const bytes = Buffer.concat(parts.map(({ payload }) => payload.bytes));
  const inflatedBytes = parts[0]?.inflatedBytes;
  return { state: (inflatedBytes === undefined ? bytes : inflateRawSync(bytes)).toString("utf8"), inflatedBytes, parts: parts.length };
}

test.each([json, binary])("a large state comes deflated to who can inflate it, in parts too, and as it is to others: %s", async (subprotocol) => {
  await using app = openApp(createDoorman(), { rooms: { limits: { snapshotPartBytes: 200, callRate: { perSecond: Infinity, burst: Infinity } } } });
  const { visitor: ann, room } = await visitRoom(app, "ann");
  const token = await issue(app, "ann");
  const words = Array.from({ length: 90 }, (_, at) => `a word number ${at}`);
  for (const word of words) await ann.say(room, word);
  const [inflates, plain] = [await visit(app, { subprotocol }), await visit(app, { subprotocol })];

  inflates.send(inflates.hello(token, { inflates: true }), inflates.join("words/1"));
  plain.send(plain.hello(token), plain.join("words/1"));
  const [small, large] = [await snapshotOf(inflates), await snapshotOf(plain)];

  expect([JSON.parse(small.state), JSON.parse(large.state)]).toEqual([words, words]);
  expect([small.inflatedBytes, large.inflatedBytes]).toEqual([small.state.length, undefined]);
  expect(small.parts).toBeGreaterThan(1);
  expect(small.parts).toBeLessThan(large.parts / 2);
});

test("a small state comes as it is", async () => {
  await using app = openApp(createDoorman());
  const visitor = await visit(app);

  visitor.send(visitor.hello(await issue(app, "ann"), { inflates: true }), visitor.join("words/1"));

  expect(await snapshotOf(visitor)).toEqual({ state: "[]", inflatedBytes: undefined, parts: 1 });
});

test("a member that stops reading holds up nobody, and gets all in order once it reads again", { timeout: 60_000 }, async () => {
  await using app = openApp(createDoorman(), { rooms: { limits: { callRate: { perSecond: Infinity, burst: Infinity } } }, limits: { messageBytes: 65_536 } });
  await app.listen({ port: 0 });
  const [{ visitor: ann, room }, { visitor: slow }] = [await visitRoom(app, "ann"), await visitRoom(app, "bob")];
  const words = Array.from({ length: 60 }, (_, at) => `${at} ${"x".repeat(20_000)}`);

  slow.peer.pause();
  for (const word of words) await ann.say(room, word);
  const fast = await ann.heard(words.length);
  slow.peer.resume();

  expect(fast).toEqual(words);
  expect(await slow.heard(words.length)).toEqual(words);
});
