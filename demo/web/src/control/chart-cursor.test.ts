import { expect, test } from "vitest";
import { toIndex, toIndexOfSecond } from "./chart-cursor.ts";

test("the right edge is the newest value, and left of a short series is its oldest", () => {
  expect(toIndex(1, 50, 300)).toBe(49);
  expect(toIndex(0, 50, 300)).toBe(0);
  expect(toIndex(0.5, 300, 300)).toBe(150);
});

test("a pointer outside the plot stays at the nearest value", () => {
  expect(toIndex(-3, 300, 300)).toBe(0);
  expect(toIndex(7, 300, 300)).toBe(299);
});

test("a second keeps its value while time goes by, until it leaves the window", () => {
  expect(toIndexOfSecond(10_000, 10_000, 300)).toBe(299);
  expect(toIndexOfSecond(10_000, 14_020, 300)).toBe(295);
  expect(toIndexOfSecond(10_000, 900_000, 300)).toBe(0);
});
