import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BinaryReader } from "./binary-reader.ts";
import { varintLength, writeVarint } from "./varint.ts";

const count = fc.oneof(
  fc.maxSafeNat(),
  fc.nat({ max: 300 }),
  fc.nat({ max: 53 }).map((power) => Math.max(0, 2 ** power - 1)),
);

test("every whole number up to 2^53 - 1 comes back, in as many bytes as were said", () => {
  fc.assert(
    fc.property(count, fc.nat({ max: 3 }), (value, start) => {
      const bytes = new Uint8Array(start + varintLength(value) + 1);

      const end = writeVarint(value, bytes, start);

      const reader = new BinaryReader(bytes.subarray(start));
      expect(end).toBe(bytes.length - 1);
      expect(reader.count()).toBe(value);
      expect(reader.left).toBe(1);
    }),
    { numRuns: 1_000 },
  );
});

test.each([
  [0, "00"],
  [127, "7f"],
  [128, "8001"],
  [16_383, "ff7f"],
  [16_384, "808001"],
  [2 ** 32, "8080808010"],
  [Number.MAX_SAFE_INTEGER, "ffffffffffffff0f"],
])("%i is written as %s", (value, hex) => {
  const bytes = new Uint8Array(varintLength(value));

  writeVarint(value, bytes, 0);

  expect(Buffer.from(bytes).toString("hex")).toBe(hex);
});

test.each([
  ["8000", 0],
  ["8180808080808000", 1],
])("%s, which is longer than it need be, is read as %i", (hex, value) => {
  expect(new BinaryReader(Buffer.from(hex, "hex")).count()).toBe(value);
});

test.each(["", "80", "ffffffffffffff", "8080808080808010", "ffffffffffffff7f", "808080808080808000", "ffffffffffffffffffff01"])("%j is no number", (hex) => {
  const reader = new BinaryReader(Buffer.from(hex, "hex"));

  expect(reader.count()).toBe(NaN);
  expect(reader.isBroken).toBe(true);
  expect(reader.left).toBe(0);
});
