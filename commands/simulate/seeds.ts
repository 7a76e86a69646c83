import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { RunResult } from "../../nexios/src/simulation/run-plan.ts";
import { Progress } from "../replay/progress.ts";
import type { SeedRequest, SeedResult } from "./worker.ts";

/** Which seeds to run, and in which kind of room: all kinds together for `undefined`. */
export interface SeedsOptions {
  readonly name: string | undefined;
  readonly seeds: number;
  readonly from: number;
  /** Threads; as many as the machine runs at once unless given, and no more than are worth their start. */
  readonly threads?: number;
}

/** What many runs came to: the same on any number of threads. */
interface SeedsSummary {
  readonly seeds: number;
  readonly from: number;
  /** Runs that broke a promise. */
  readonly violations: number;
  readonly firstSeed: number | undefined;
  readonly calls: number;
  readonly entries: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly gaps: number;
}

/** All runs, and which of them broke a promise. */
export interface SeedsRun {
  readonly summary: SeedsSummary;
  /** Rising. */
  readonly brokenSeeds: readonly number[];
}

/** A thread takes as long to start as so many seeds to run. */
const seedsWorthAThread = 10;

/** Runs all seeds. */
export async function runSeeds({ name, seeds, from, threads = threadsFor(seeds) }: SeedsOptions): Promise<SeedsRun> {
  const progress = new Progress("simulate", seeds);
  let summary: SeedsSummary = { seeds, from, violations: 0, firstSeed: undefined, calls: 0, entries: 0, faults: {}, gaps: 0 };
  const brokenSeeds: number[] = [];
  let next = from;
  let done = 0;
  const take = (): number | undefined => (next < from + seeds ? next++ : undefined);
  await Promise.all(Array.from({ length: threads }, () => runThread(name, take, note)));
  const faults = Object.fromEntries(Object.entries(summary.faults).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { summary: { ...summary, faults }, brokenSeeds: brokenSeeds.toSorted((a, b) => a - b) };

  function note({ seed, result }: SeedResult): void {
    summary = add(summary, seed, result);
    if (result.violations.length > 0) brokenSeeds.push(seed);
    progress.show(++done, summary.violations > 0 ? `${summary.violations} broke a promise, the first was ${summary.firstSeed}` : "");
  }
}

function threadsFor(seeds: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(seeds / seedsWorthAThread)));
}

/** Feeds one thread with seeds until there are no more. */
function runThread(name: string | undefined, take: () => number | undefined, note: (result: SeedResult) => void): Promise<void> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  return new Promise<void>((resolve, reject) => {
    const feed = (): void => {
      const seed = take();
      if (seed === undefined) return void worker.terminate().then(() => resolve(), reject);
      const request: SeedRequest = { seed, name };
      worker.postMessage(request);
    };
    worker.on("message", (result: SeedResult) => {
      note(result);
      feed();
    });
    worker.on("error", reject);
    feed();
  });
}

function add(summary: SeedsSummary, seed: number, { violations, calls, entries, faults, gaps }: RunResult): SeedsSummary {
  const isBroken = violations.length > 0;
  const counts = { ...summary.faults };
  for (const [kind, count] of Object.entries(faults)) counts[kind] = (counts[kind] ?? 0) + count;
  return {
    ...summary,
    violations: summary.violations + (isBroken ? 1 : 0),
    firstSeed: isBroken ? Math.min(seed, summary.firstSeed ?? seed) : summary.firstSeed,
    calls: summary.calls + calls,
    entries: summary.entries + entries,
    faults: counts,
    gaps: summary.gaps + gaps,
  };
}
