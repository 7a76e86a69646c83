import { expect, test } from "vitest";
import { retryDelayMs } from "./backoff.ts";

test("the longest wait doubles from half a second", () => {
  const longest = [0, 1, 2, 3].map((attempt) => retryDelayMs(attempt, 1));

  expect(longest).toEqual([500, 1_000, 2_000, 4_000]);
});

test("no wait is longer than twenty seconds, however many tries failed", () => {
  expect(retryDelayMs(6, 1)).toBe(20_000);
  expect(retryDelayMs(5_000, 1)).toBe(20_000);
});

test("the jitter is full: a wait may be nothing at all", () => {
  expect(retryDelayMs(9, 0)).toBe(0);
  expect(retryDelayMs(2, 0.25)).toBe(500);
});
