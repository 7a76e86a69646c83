import { expect, test } from "vitest";
import { fold, sumStatuses } from "./fold.ts";
import { sampleFrame, sampleSnapshot } from "./sample.ts";

const foldAfter = (ms: number, value = 9) => fold(sampleSnapshot(), sampleFrame({ at: 1_000_000 + ms, requestsPerSecond: value }));

test("a frame a second later adds one value and becomes the present", () => {
  const next = foldAfter(1_000);

  expect(next.series.requestsPerSecond).toEqual([2, 3, 4, 9]);
  expect(next.requestsPerSecond).toBe(9);
});

test("a timer that is a little early or late makes neither a gap nor a double", () => {
  expect(foldAfter(1_400).series.requestsPerSecond).toEqual([2, 3, 4, 9]);
  expect(foldAfter(600).series.requestsPerSecond).toEqual([2, 3, 4, 9]);
});

test("seconds without a frame are a gap", () => {
  expect(foldAfter(3_000).series.requestsPerSecond).toEqual([3, 4, null, null, 9]);
});

test("a gap longer than the window leaves only the newest value", () => {
  expect(foldAfter(86_400_000).series.requestsPerSecond).toEqual([null, null, null, null, 9]);
});

test("a clock that goes back replaces the last value and does not grow the series", () => {
  expect(foldAfter(-5_000).series.requestsPerSecond).toEqual([2, 3, 9]);
});

test("no series is ever longer than the window", () => {
  let snapshot = sampleSnapshot();

  for (let second = 1; second < 20; second++) snapshot = fold(snapshot, sampleFrame({ at: 1_000_000 + second * 1_000 }));

  for (const values of Object.values(snapshot.series)) expect(values).toHaveLength(5);
});

test("the total never falls, and is at least what the classes say", () => {
  const statuses = { "2xx": 40, "3xx": 1, "4xx": 1, "5xx": 0 };

  expect(sumStatuses({ statuses })).toBe(42);
  expect(fold(sampleSnapshot(), sampleFrame({ statuses })).total).toBe(42);
  expect(fold(sampleSnapshot({ total: 99 }), sampleFrame({ statuses })).total).toBe(99);
});
