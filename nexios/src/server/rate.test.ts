import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isFull, takeOne } from "./rate.ts";

test("over any window no more is let in than the burst and what the time brings, and never one less than that when asked all the time", () => {
  const rate = fc.record({ perSecond: fc.double({ min: 0.1, max: 1_000, noNaN: true }), burst: fc.integer({ min: 1, max: 200 }) });
  const gaps = fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { minLength: 1, maxLength: 200 });

  fc.assert(
    fc.property(rate, gaps, fc.nat({ max: 1e9 }), (given, gapsMs, startMs) => {
      const state = { due: 0 };
      const admitted: number[] = [];
      let now = startMs;
      for (const gap of gapsMs) {
        now += gap;
        while (takeOne(state, given, now) === 0) admitted.push(now);
      }

      for (const [first, from] of admitted.entries()) {
        const last = Math.min(admitted.length - 1, first + given.burst + 5);
        const allowed = given.burst + ((admitted[last]! - from) * given.perSecond) / 1_000;
        expect(last - first + 1).toBeLessThanOrEqual(allowed + 1e-3);
      }
      const brought = given.burst + ((now - startMs - gapsMs[0]!) * given.perSecond) / 1_000;
      // What came while the bucket was full is lost, at most one interval of it for each question.
      expect(admitted.length).toBeLessThanOrEqual(brought + 1e-3);
      expect(admitted.length).toBeGreaterThanOrEqual(given.burst);
    }),
  );
});

test("who always takes what there is loses no more than one to rounding", () => {
  const rate = { perSecond: 50, burst: 100 };
  const state = { due: 0 };
  let count = 0;

  for (let now = 0; now <= 60_000; now += 7) while (takeOne(state, rate, now) === 0) count++;

  expect(count).toBeGreaterThanOrEqual(100 + 60 * 50 - 1);
  expect(count).toBeLessThanOrEqual(100 + 60 * 50);
});

test("while the clock stands still exactly the burst is let in", () => {
  const state = { due: 0 };
  const rate = { perSecond: 3, burst: 7 };

  const waits = Array.from({ length: 50 }, () => takeOne(state, rate, 12_345));

  expect(waits.filter((wait) => wait === 0).length).toBe(7);
});

test("a refusal takes nothing, and tells the time after which one is let in", () => {
  const rate = fc.record({ perSecond: fc.double({ min: 0.1, max: 1_000, noNaN: true }), burst: fc.integer({ min: 1, max: 50 }) });

  fc.assert(
    fc.property(rate, fc.nat({ max: 1e9 }), (given, now) => {
      const state = { due: 0 };
      while (takeOne(state, given, now) === 0);
      const due = state.due;

      const wait = takeOne(state, given, now);
      const tooEarly = takeOne({ ...state }, given, now + wait - 0.01);
      const inTime = takeOne({ ...state }, given, now + wait);

      expect(state.due).toBe(due);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(1_000 / given.perSecond + 1e-3);
      expect(tooEarly).toBeGreaterThan(0);
      expect(inTime).toBe(0);
    }),
  );
});

test("an infinite rate or burst refuses nothing", () => {
  const state = { due: 0 };

  const waits = Array.from({ length: 1_000 }, (_, index) => takeOne(state, { perSecond: index % 2 === 0 ? Infinity : 1, burst: Infinity }, 0));

  expect(waits.every((wait) => wait === 0)).toBe(true);
});

test("a bucket can be forgotten when it says no more than a new one", () => {
  const rate = { perSecond: 10, burst: 5 };
  const state = { due: 0 };
  for (let index = 0; index < 5; index++) takeOne(state, rate, 1_000);

  const moments = [1_000, 1_499, 1_500, 2_000].map((now) => isFull(state, now));

  expect(moments).toEqual([false, false, true, true]);
});
