import { expect, test } from "vitest";
import { decodeClientFrames } from "../protocol/json-decoding.ts";
import { encodeClientFrames } from "../protocol/json-client-encoding.ts";
import { toSendable } from "./sendable.ts";

function nested(depth: number): unknown {
  return depth === 0 ? "" : [nested(depth - 1)];
}

test.each([
  ["\ud83d"],
  [{ ["\udc00"]: 1 }],
  [JSON.parse('{"__proto__":1}')],
  [{ constructor: { prototype: 1 } }],
  [nested(32)],
  // As deep, though nothing is in it.
  [JSON.parse("[".repeat(32) + "]".repeat(32))],
  [Array.from({ length: 10_000 }, () => 0)],
  [1n],
])("a server would not read it, so that it is not sent: %#", (value) => {
  expect(() => toSendable(value)).toThrow(TypeError);
});

test.each([["😀"], ['"[{\\'], [{ constructor: "Ann" }], [nested(31)], [Array.from({ length: 9_000 }, () => 0)], [null], [{ a: undefined }]])(
  "what is sent is read: %#",
  (value) => {
    const [input] = toSendable(value);

    const text = encodeClientFrames([{ kind: "ask", id: 1, room: 1, name: "a", input }]);

    expect(decodeClientFrames(text, { frames: 1 })).toMatchObject([{ input: JSON.parse(JSON.stringify(value)) }]);
  },
);

test("what is nothing is nothing", () => {
  expect(toSendable(undefined)).toEqual([undefined, 0]);
});
