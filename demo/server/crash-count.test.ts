import { expect, test } from "vitest";
import { CrashCount } from "./crash-count.ts";

test("three deaths within half a minute are a loop, two are not", () => {
  const crashes = new CrashCount();

  const told = [0, 1_000, 29_999].map((at) => crashes.isLoop(at));

  expect(told).toEqual([false, false, true]);
});

test("deaths that lie further apart are never a loop", () => {
  const crashes = new CrashCount();

  const told = [0, 16_000, 32_000, 48_000, 64_000].map((at) => crashes.isLoop(at));

  expect(told).not.toContain(true);
});
