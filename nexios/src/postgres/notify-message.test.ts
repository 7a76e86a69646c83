import fc from "fast-check";
import { expect, test } from "vitest";
import { PayloadReader, toPayloads } from "./notify-message.ts";

const limit = 1_048_576;

test("a message of any bytes comes whole from its payloads, each of which a NOTIFY takes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30_000, size: "max" }), (message) => {
      const payloads = toPayloads("a", 1, message);
      const reader = new PayloadReader("b", limit);

      expect(payloads.every((payload) => Buffer.byteLength(payload) < 8_000)).toBe(true);
      expect(payloads.map((payload) => reader.read(payload)).filter((each) => each !== undefined)).toEqual([message]);
    }),
    { numRuns: 50 },
  );
});

test("a message of which a part is missing is dropped, and the next one comes", () => {
  const reader = new PayloadReader("b", limit);
  const [first = "", , third = ""] = toPayloads("a", 1, new Uint8Array(15_000));

  expect([first, third, ...toPayloads("a", 2, Uint8Array.of(7))].map((payload) => reader.read(payload))).toEqual([undefined, undefined, Uint8Array.of(7)]);
});

test("what a process has sent itself, what is too large and what is nobody's is passed over", () => {
  const reader = new PayloadReader("a", 100);

  expect([...toPayloads("a", 1, Uint8Array.of(1)), "c 1 0 1000 AAAA", "nonsense", ""].map((payload) => reader.read(payload))).toEqual(Array(4).fill(undefined));
});
