import { expect, test } from "vitest";
import { scheduleOf } from "./schedule.ts";

test("a long run restarts Redis twice, holds it up for 5 s, restarts PostgreSQL once, and kills about every 10 s", () => {
  expect(scheduleOf(300_000)).toEqual({
    troubles: [
      { afterMs: 60_000, what: "restartRedis" },
      { afterMs: 120_000, what: "pauseRedis" },
      { afterMs: 180_000, what: "restartPostgres" },
      { afterMs: 240_000, what: "restartRedis" },
    ],
    pauseMs: 5_000,
    killGapMs: [7_000, 13_000],
  });
});

test("a short run has all of it, in less time", () => {
  const { troubles, pauseMs, killGapMs } = scheduleOf(20_000);

  expect(troubles.map(({ afterMs }) => afterMs)).toEqual([4_000, 8_000, 12_000, 16_000]);
  expect([pauseMs, ...killGapMs]).toEqual([2_000, 3_500, 6_500]);
});
