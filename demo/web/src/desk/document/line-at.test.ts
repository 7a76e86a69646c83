import { expect, test } from "vitest";
import { lineAt } from "./line-at.ts";

test("a place is in the line whose end it has not passed", () => {
  expect([0, 3, 4, 5, 6].map((place) => lineAt("one\n\ntwo", place))).toEqual([1, 1, 2, 3, 3]);
});
