import { expect, test } from "vitest";
import { summarize, toMarks, toPaths, toRows } from "./plot.ts";

test("a scale is marked in steps of one, two or five, and reaches its highest value", () => {
  expect(toMarks(7)).toEqual([0, 2, 4, 6, 8]);
  expect(toMarks(128)).toEqual([0, 50, 100, 150]);
  expect(toMarks(4_000)).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
  expect(toMarks(214)).toEqual([0, 50, 100, 150, 200, 250]);
});

test("a series of nothing but zeros still has a scale", () => {
  expect(toMarks(0)).toEqual([0, 1, 2, 3, 4, 5]);
});

test("a scale has at most six marks and its top is never below the highest value", () => {
  for (let highest = 0.5; highest < 1e6; highest *= 1.07) {
    const marks = toMarks(highest);
    expect(marks.length).toBeLessThanOrEqual(6);
    expect(marks.at(-1)).toBeGreaterThanOrEqual(highest);
  }
});

test("a line breaks at a gap, and a lone value is a dot", () => {
  const { line } = toPaths([1, 1, null, 0], { width: 30, height: 10, low: 0, high: 1, slots: 4 });

  expect(line).toBe("M0 0L10 0M30 10h0");
});

test("a short series stands at the right, where now is", () => {
  const { line, area } = toPaths([2, 2], { width: 100, height: 10, low: 0, high: 4, slots: 5 });

  expect(line).toBe("M75 5L100 5");
  expect(area).toBe("M75 10L75 5L100 5L100 10Z");
});

test("a summary leaves gaps out, and is missing if there is nothing to sum up", () => {
  expect(summarize([null, 2, 4, null])).toEqual({ low: 2, mean: 3, high: 4 });
  expect(summarize([null])).toBeUndefined();
});

test("rows follow the clock, newest first, and a row of gaps has no numbers", () => {
  const rows = toRows([5, null, 1, 3], 30_001);

  expect(rows).toEqual([
    { from: 30_000, summary: { low: 3, mean: 3, high: 3 } },
    { from: 0, summary: { low: 1, mean: 3, high: 5 } },
  ]);
  expect(toRows([null], 0)).toEqual([{ from: 0, summary: undefined }]);
});
