import { expect, test } from "vitest";
import { logSuite } from "./log-suite.ts";
import { MemoryLog } from "./memory-log.ts";

const suite = logSuite(async (options) => new MemoryLog({ ...options, newEpoch: () => crypto.randomUUID() }));

test.each(suite)("memory log: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
