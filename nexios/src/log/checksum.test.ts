import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checksum, listChecksum } from "./checksum.ts";

const before = fc.nat({ max: 2 ** 32 - 1 });
const field = fc.oneof(
  fc.nat(),
  fc.maxSafeInteger(),
  fc.constantFrom(-1, -0, 1.5, NaN, 2 ** 60, 99_999_999, 1e8, 1e16 - 1, undefined),
  fc.string({ unit: "binary" }),
  fc.string({ minLength: 400, maxLength: 700 }),
);

test("the check of bytes is their CRC-32, however many they are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600, size: "max" }), before, (bytes, behind) => {
      expect(checksum(bytes, behind)).toBe(crc32(bytes, behind));
    }),
  );
});

test("the check of a list is the CRC-32 of its JSON", () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), before, (fields, behind) => {
      expect(listChecksum(fields, behind)).toBe(crc32(JSON.stringify(fields.map((each) => each ?? null)), behind));
    }),
    { numRuns: 2_000 },
  );
});
