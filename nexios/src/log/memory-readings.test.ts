import { expect, test } from "vitest";
import { MemoryLog } from "./memory-log.ts";
import { MemoryReadings } from "./memory-readings.ts";
import { readingsSuite } from "./readings-suite.ts";

const suite = readingsSuite(async ({ now }) => {
  const log = new MemoryLog({ now, newEpoch: () => crypto.randomUUID() });
  return { log, readings: new MemoryReadings(log), close: () => log.close() };
});

test.each(suite)("$title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
