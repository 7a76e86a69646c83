import { expect, test } from "vitest";
import { niceTop, topOf } from "./nice-top.ts";

test.each([
  [0, 0],
  [Number.NaN, 0],
  [1, 1],
  [1.1, 2],
  [2.2, 2.5],
  [0.03, 0.05],
  [84e6, 100e6],
])("a scale with room for %d ends at %d", (value, top) => {
  expect(niceTop(value)).toBeCloseTo(top, 9);
});

test.each([
  [0.02, 0.25, 0.025],
  [0.001, 0.25, 0.01],
  [0.09, 0.25, 0.5],
  [0.3, 0.25, 0.5],
  [null, 0.25, 0.01],
  [3, undefined, 5],
])("with values up to %d and a limit of %d a chart ends at %d", (most, limit, top) => {
  expect(topOf(most, { least: 0.01, limit })).toBeCloseTo(top, 9);
});
