// Runs seeds in a thread of its own: one result for each seed that it is told.
import { parentPort } from "node:worker_threads";
import type { RunResult } from "../../nexios/src/simulation/run-plan.ts";
import { runSeed } from "./run-seed.ts";

/** What a worker is told. */
export interface SeedRequest {
  readonly seed: number;
  readonly name: string | undefined;
}

/** What it answers. */
export interface SeedResult {
  readonly seed: number;
  readonly result: RunResult;
}

parentPort?.on("message", async ({ seed, name }: SeedRequest) => {
  const answer: SeedResult = { seed, result: await runSeed(seed, name) };
  parentPort?.postMessage(answer);
});
