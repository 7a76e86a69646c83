import { expect, test } from "vitest";
import { defaultActivityLimits as limits } from "./limits.ts";
import { startOf, toServerTime } from "./time.ts";

const receivedAt = Date.UTC(2030, 0, 1, 12);
const hourMs = 3_600_000;

test("what the sender's clock is off is taken away", () => {
  const sentAt = receivedAt - 5 * hourMs;

  expect(toServerTime(sentAt - 1_000, { sentAt, receivedAt }, limits)).toBe(receivedAt - 1_000);
});

test("without the time of sending an event's time is believed, and without a time it is that of receipt", () => {
  expect(toServerTime(receivedAt - 1_000, { sentAt: undefined, receivedAt }, limits)).toBe(receivedAt - 1_000);
  expect(toServerTime(undefined, { sentAt: receivedAt - hourMs, receivedAt }, limits)).toBe(receivedAt);
});

test("a time more than 48 hours ago, or more than a minute ahead, counts as at that bound", () => {
  const times = { sentAt: undefined, receivedAt };

  expect(toServerTime(0, times, limits)).toBe(receivedAt - 48 * hourMs);
  expect(toServerTime(receivedAt - 48 * hourMs + 1, times, limits)).toBe(receivedAt - 48 * hourMs + 1);
  expect(toServerTime(receivedAt + 60_000, times, limits)).toBe(receivedAt + 60_000);
  expect(toServerTime(8_640_000_000_000_000, times, limits)).toBe(receivedAt + 60_000);
});

test("without a bound on lateness nothing is before 1970", () => {
  expect(toServerTime(0, { sentAt: receivedAt + 1, receivedAt }, { lateMs: Infinity, aheadMs: 0 })).toBe(0);
});

test("a step begins at a multiple of its length", () => {
  expect([startOf(59_999, 60_000), startOf(60_000, 60_000)]).toEqual([0, 60_000]);
});
