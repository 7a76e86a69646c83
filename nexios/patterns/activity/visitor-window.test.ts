import { expect, test } from "vitest";
import { VisitorWindow } from "./visitor-window.ts";

const minuteMs = 60_000;
const noon = Date.UTC(2030, 0, 1, 12);

test("a visitor counts from an event on for the length of the window, to the millisecond", () => {
  const window = new VisitorWindow(5 * minuteMs, 10);
  window.add("ann", noon, noon);
  window.add("bob", noon + minuteMs, noon + minuteMs);

  const counts = [0, 5 * minuteMs - 1, 5 * minuteMs, 6 * minuteMs - 1, 6 * minuteMs].map((after) => window.count(noon + after));

  expect(counts.map(({ count }) => count)).toEqual([2, 2, 1, 1, 0]);
});

test("an earlier event that comes later does not shorten a visitor's time, and one outside of the window is nothing", () => {
  const window = new VisitorWindow(5 * minuteMs, 10);
  window.add("ann", noon, noon);
  window.add("ann", noon - 4 * minuteMs, noon);
  window.add("bob", noon - 5 * minuteMs, noon);

  expect(window.count(noon + 4 * minuteMs)).toEqual({ count: 1, isExact: true });
});

test("it is exact up to its limit, then an estimate, and exact again when those it could not tell apart are out of the window", () => {
  const window = new VisitorWindow(5 * minuteMs, 10_000);
  for (let index = 0; index < 10_000; index++) window.add(`v${index}`, noon, noon);
  const full = window.count(noon);
  for (let index = 10_000; index < 50_000; index++) window.add(`v${index}`, noon, noon);
  const over = window.count(noon);
  for (let index = 0; index < 300; index++) window.add(`w${index}`, noon + 6 * minuteMs, noon + 6 * minuteMs);

  expect(full).toEqual({ count: 10_000, isExact: true });
  expect(over.isExact).toBe(false);
  expect(Math.abs(over.count - 50_000)).toBeLessThan(50_000 * 0.03);
  expect(window.count(noon + 6 * minuteMs)).toEqual({ count: 300, isExact: true });
});

test("who is there in each minute of five is one visitor, however many minutes are added up", () => {
  const window = new VisitorWindow(5 * minuteMs, 100);
  for (let minute = 0; minute < 5; minute++)
    for (let index = 0; index < 1_000; index++) window.add(`v${index}`, noon + minute * minuteMs, noon + minute * minuteMs);

  const { count, isExact } = window.count(noon + 4 * minuteMs);

  expect(isExact).toBe(false);
  expect(Math.abs(count - 1_000)).toBeLessThan(30);
});
