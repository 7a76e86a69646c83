import fc from "fast-check";
import { expect, test } from "vitest";
import { joinMessages, senderBytes, splitMessages } from "./joined-messages.ts";

const sender = fc.uint8Array({ minLength: senderBytes, maxLength: senderBytes });

test("messages that were joined come back as they were, with who sent them", () => {
  fc.assert(
    fc.property(sender, fc.array(fc.uint8Array({ maxLength: 300 })), (from, messages) => {
      const split = splitMessages(joinMessages(from, messages));

      expect([...(split?.sender ?? [])]).toEqual([...from]);
      expect(split?.messages.map((message) => [...message])).toEqual(messages.map((message) => [...message]));
    }),
  );
});

test("bytes of anybody give messages that lie within them, or none", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, hasForm) => {
      if (hasForm && bytes.length > 0) bytes[0] = 1;

      const length = splitMessages(bytes)?.messages.reduce((sum, message) => sum + 4 + message.length, 1 + senderBytes);

      expect([undefined, bytes.length]).toContain(length);
    }),
  );
});

test("what is cut off is no message", () => {
  const joined = joinMessages(new Uint8Array(senderBytes), [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);

  const kept = Array.from({ length: joined.length }, (_, end) => splitMessages(joined.subarray(0, end))?.messages.length);

  expect(kept.filter((count) => count !== undefined)).toEqual([0, 1]);
});
