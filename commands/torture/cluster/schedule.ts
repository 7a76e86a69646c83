/** What is done to the services of a run. */
export type Trouble = "restartRedis" | "pauseRedis" | "restartPostgres";

/** When, as a part of the run. */
const troubles: readonly { readonly part: number; readonly what: Trouble }[] = [
  { part: 0.2, what: "restartRedis" },
  { part: 0.4, what: "pauseRedis" },
  { part: 0.6, what: "restartPostgres" },
  { part: 0.8, what: "restartRedis" },
];

/** Redis stands still for so long; in a short run for a tenth of it. */
const pauseMs = 5_000;
/** A process is killed about so often; in a short run at least four are. */
const killEveryMs = 10_000;

/** How a run of that length goes. */
export interface Schedule {
  readonly troubles: readonly { readonly afterMs: number; readonly what: Trouble }[];
  readonly pauseMs: number;
  /** The shortest and the longest time between two kills. */
  readonly killGapMs: readonly [least: number, most: number];
}

/** The schedule of a run. Pure. */
export function scheduleOf(runMs: number): Schedule {
  const killMs = Math.min(killEveryMs, runMs / 4);
  return {
    troubles: troubles.map(({ part, what }) => ({ afterMs: Math.round(part * runMs), what })),
    pauseMs: Math.min(pauseMs, Math.round(runMs / 10)),
    killGapMs: [killMs * 0.7, killMs * 1.3],
  };
}
