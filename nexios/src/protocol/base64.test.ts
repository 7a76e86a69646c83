import * as fc from "fast-check";
import { expect, test } from "vitest";
import { base64Length, fromBase64, writeBase64 } from "./base64.ts";

test("bytes are written as everybody writes them, and come back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 3 }), (bytes, start) => {
      const target = new Uint8Array(start + base64Length(bytes.length) + 1);

      writeBase64(bytes, target, start);

      const text = Buffer.from(target).toString("latin1");
      expect(text).toBe(`${"\0".repeat(start)}${Buffer.from(bytes).toString("base64")}\0`);
      expect(fromBase64(text.slice(start, -1))).toStrictEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test.each(["A", "AA", "AAA", "A===", "====", "=", "AA=A", "A=AA", "AAAA=", "AA==AAAA", "AB==", "AAB=", "AA-_", "AAA ", "AAA\n", "AAAé", "AAA😀"])(
  "%j is no base64",
  (text) => {
    expect(fromBase64(text)).toBeUndefined();
  },
);

test("no two texts are read as the same bytes", () => {
  const whole = fc.stringMatching(/^([A-Za-z0-9+/]{4}){0,3}$/);
  const end = fc.oneof(fc.stringMatching(/^[A-Za-z0-9+/]{2}==$/), fc.stringMatching(/^[A-Za-z0-9+/]{3}=$/), fc.stringMatching(/^[AEIMQUYcgkosw048]?=?=?$/));
  let read = 0;

  fc.assert(
    fc.property(whole, end, (start, rest) => {
      const text = `${start}${rest}`;
      const bytes = fromBase64(text);
      if (bytes !== undefined) read++;

      expect(bytes === undefined ? text : Buffer.from(bytes).toString("base64")).toBe(text);
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(100);
});
