import { expect, test } from "vitest";
import { runSeeds } from "./seeds.ts";

test("over cuts, sleeps, hidden pages, slow lines and kills viewers at one place have the same window, point for point what was measured", async () => {
  const { summary } = await runSeeds({ name: "dashboard", seeds: 100, from: 1 });

  expect(summary).toMatchObject({
    violations: 0,
    firstSeed: undefined,
    faults: {
      cut: expect.any(Number),
      hide: expect.any(Number),
      kill: expect.any(Number),
      sleep: expect.any(Number),
      slow: expect.any(Number),
      wipe: expect.any(Number),
    },
  });
  // Viewers were so far behind that they got the window in place of its steps.
  expect(summary.faults["too far"]).toBeGreaterThan(50);
}, 240_000);
