import { expect, test } from "vitest";
import { paragraphAt } from "./paragraph-at.ts";

test("a place is in the paragraph whose end it has not passed", () => {
  expect([0, 3, 4, 5, 6].map((place) => paragraphAt("one\n\ntwo", place))).toEqual([1, 1, 2, 3, 3]);
});
