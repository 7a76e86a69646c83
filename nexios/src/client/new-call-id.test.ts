import fc from "fast-check";
import { expect, test } from "vitest";
import { timeOfCallId } from "../protocol/call-id.ts";
import { newCallId } from "./new-call-id.ts";

test("an id tells when its call was made, whatever was drawn", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (time, drawn) => {
      expect(timeOfCallId(newCallId(time + 0.9, { random: () => drawn }))).toBe(time);
    }),
  );
});

test("a clock from before 1970 gives an id of 1970", () => {
  expect(timeOfCallId(newCallId(-5, { random: () => 0.5 }))).toBe(0);
});

test("two ids of one moment differ in each digit that is drawn", () => {
  const [low, high] = [0, 0.999].map((drawn) => newCallId(1, { random: () => drawn }));

  expect([low, high]).toEqual(["00000000-0001-7000-8000-000000000000", "00000000-0001-7fff-8fff-ffffffffffff"]);
});
