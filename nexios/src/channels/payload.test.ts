import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EncodedPayload, type Payload } from "./payload.ts";

const payloads = fc.oneof<fc.Arbitrary<Payload>[]>(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "binary" }).map((text) => `\uFEFF${text}`),
  fc.uint8Array(),
  // -0 has no JSON form of its own.
  fc.jsonValue({ stringUnit: "binary" }).map((value): unknown => JSON.parse(JSON.stringify(value))),
);

/** The payload of a frame of less than 126 bytes, with its opcode. */
function opened(frame: Uint8Array | undefined): string | undefined {
  return frame && `${frame[0]! & 0x0f}:${Buffer.from(frame.subarray(2)).toString("utf8")}`;
}

test("a payload is the same in another process", () => {
  fc.assert(
    fc.property(payloads, (payload) => {
      const there = EncodedPayload.fromMessage(EncodedPayload.of(payload).toMessage());

      expect(there?.value).toEqual(payload);
      for (const type of ["json", "text", "bytes"] as const) expect(there?.frameFor(type)).toEqual(EncodedPayload.of(payload).frameFor(type));
    }),
  );
});

test.each<[Payload, string, string | undefined, string | undefined, string]>([
  [{ a: 1 }, "a value", '1:{"a":1}', '1:{"a":1}', '2:{"a":1}'],
  [null, "null", "1:null", "1:null", "2:null"],
  [0, "a number", "1:0", "1:0", "2:0"],
  ['a"ü', "a text", '1:"a\\"ü"', '1:a"ü', '2:a"ü'],
  ["", "an empty text", '1:""', "1:", "2:"],
  [new TextEncoder().encode("raw"), "bytes", undefined, undefined, "2:raw"],
])("%j (%s) reaches channels of each type in its form", (payload, _name, asJson, asText, asBytes) => {
  const encoded = EncodedPayload.of(payload);

  expect(opened(encoded.frameFor("json"))).toBe(asJson);
  expect(opened(encoded.frameFor("text"))).toBe(asText);
  expect(opened(encoded.frameFor("bytes"))).toBe(asBytes);
});

test("a frame is made once, however many ask for it", () => {
  const encoded = EncodedPayload.of({ a: 1 });

  expect(encoded.frameFor("json")).toBe(encoded.frameFor("json"));
});

const circular: { self?: unknown } = {};
circular.self = circular;

test.each<[string, Payload]>([
  ["undefined", undefined],
  ["a function", () => 1],
  ["a symbol", Symbol("x")],
  ["a BigInt", 1n],
  ["a circle", circular],
])("%s has no JSON form, and is refused at once", (_name, payload) => {
  expect(() => EncodedPayload.of(payload)).toThrow(TypeError);
});

test("a message that is no payload is told apart", () => {
  expect(EncodedPayload.fromMessage(new Uint8Array())).toBeUndefined();
  expect(EncodedPayload.fromMessage(Uint8Array.of(3, 1))).toBeUndefined();
});
