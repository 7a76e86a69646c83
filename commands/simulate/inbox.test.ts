import { expect, test } from "vitest";
import { runSeeds } from "./seeds.ts";

test("over cuts, sleeps and kills five devices of one person agree at each place, on what the log says, and nothing is read that nobody saw", async () => {
  const { summary } = await runSeeds({ name: "inbox", seeds: 200, from: 1 });

  expect(summary).toMatchObject({ violations: 0, firstSeed: undefined, faults: { cut: expect.any(Number), sleep: expect.any(Number) } });
}, 120_000);
