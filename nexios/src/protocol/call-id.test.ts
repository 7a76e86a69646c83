import fc from "fast-check";
import { expect, test } from "vitest";
import { timeOfCallId, toCallId } from "./call-id.ts";

test("a call's id tells when it was made, whatever the random bytes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.uint8Array({ minLength: 10, maxLength: 10 }), (time, random) => {
      expect(timeOfCallId(toCallId(time, random))).toBe(time);
    }),
  );
});

test("what is no UUID of version 7 has no time", () => {
  expect(["", "x", "0190a1b2-c3d4-4000-8000-000000000000", "0190A1B2-C3D4-7000-8000-000000000000"].map(timeOfCallId)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
