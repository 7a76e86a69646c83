/// <reference lib="esnext.temporal" />
import { expect, test } from "vitest";
import { endOfQuiet, isTimeOfDay, isZone, type QuietHours } from "./quiet.ts";

const minuteMs = 60_000;
/** All changes of clocks and all edges of hours that are tried here are at half hours. */
const stepMs = 30 * minuteMs;
const start = Date.UTC(2026, 11, 31);
const steps = 368 * 48;
const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago"];
const hours = [
  ["22:00", "06:00"],
  ["01:30", "03:00"],
  ["23:30", "00:30"],
] as const;

/** What a clock on the wall shows, by another implementation than the one that is tested. */
function minuteShown(at: number, zone: string): number {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return hour * 60 + minute;
}

function isShownQuiet(shown: number, { from, to }: QuietHours): boolean {
  const [first, end] = [from, to].map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) as [number, number];
  return first < end ? shown >= first && shown < end : shown >= first || shown < end;
}

test.for(zones)("a year of deliveries in %s is never in quiet hours, and waits no longer than they last, over each change of the clocks", (zone) => {
  const shown = Array.from({ length: steps }, (_, index) => minuteShown(start + index * stepMs, zone));
  const wrong: string[] = [];

  for (const [from, to] of hours) {
    const quiet = { from, to, zone };
    let next = steps;
    for (let index = steps - 1; index >= 0; index--) {
      const isQuiet = isShownQuiet(shown[index] ?? 0, quiet);
      if (!isQuiet) next = index;
      if (next === steps) continue;
      for (const at of [start + index * stepMs, start + (index + 1) * stepMs - 1]) {
        const expected = isQuiet ? start + next * stepMs : undefined;
        const found = endOfQuiet(at, quiet);
        if (found !== expected) wrong.push(`${from}-${to} at ${new Date(at).toISOString()}: ${found}, not ${expected}`);
      }
    }
  }

  expect(wrong.slice(0, 5)).toEqual([]);
});

test("the last millisecond before quiet hours is loud, the first of them is quiet, and so is the last", () => {
  const quiet = { from: "22:00", to: "06:00", zone: "Europe/Berlin" };
  const [begin, end] = [Date.UTC(2027, 0, 10, 21), Date.UTC(2027, 0, 11, 5)];

  expect([begin - 1, begin, begin + 1, end - 1, end].map((at) => endOfQuiet(at, quiet))).toEqual([undefined, end, end, end, undefined]);
});

test("quiet hours that end within a skipped hour end with it, and one that comes twice is judged by its clock each time", () => {
  const skipped = { from: "22:00", to: "02:30", zone: "Europe/Berlin" };
  const twice = { from: "22:00", to: "02:30", zone: "Europe/Berlin" };
  const [spring, autumn] = [Date.UTC(2027, 2, 28, 1), Date.UTC(2027, 9, 31, 0, 30)];

  expect(endOfQuiet(spring - 3_600_000, skipped)).toBe(spring);
  expect(endOfQuiet(autumn - 3_600_000, twice)).toBe(autumn);
  // The clocks go back at 03:00 to 02:00, and it is quiet anew until the second 02:30.
  expect(endOfQuiet(autumn + 30 * minuteMs, twice)).toBe(autumn + 60 * minuteMs);
});

test("hours and zones are known by their form, and zones by the engine", () => {
  expect(["00:00", "23:59", "24:00", "6:00", "06:00:00", "", "aa:bb"].map(isTimeOfDay)).toEqual([true, true, false, false, false, false, false]);
  expect(["Europe/Berlin", "UTC", "Asia/Kolkata", "Mars/Base", "+02:00", "", "a".repeat(99)].map(isZone)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
