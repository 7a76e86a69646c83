import { rounded } from "./measure.ts";
import type { StoreCounters } from "./store-counters.ts";

/** What everything had used at a moment. */
export interface Moment {
  readonly at: number;
  readonly processes: readonly number[];
  readonly postgres: number;
  readonly redis: number;
  readonly counters: StoreCounters;
  readonly entries: number;
}

/** Seconds of processor time. */
interface Cpu {
  readonly processes: readonly number[];
  readonly postgres: number;
  readonly redis: number;
}

/** What was used between two moments, divided by a number: of seconds, or of rooms. */
export function cpuBetween(first: Moment, last: Moment, by: number): Cpu {
  return {
    processes: last.processes.map((seconds, index) => rounded((seconds - (first.processes[index] ?? 0)) / by)),
    postgres: rounded((last.postgres - first.postgres) / by),
    redis: rounded((last.redis - first.redis) / by),
  };
}

/** What is used where more happens: what is used at rest, and so many times what comes on top of it. */
export function moreOf(atRest: Cpu, busy: Cpu, times: number): Cpu {
  const more = (rest: number, all: number): number => rest + times * (all - rest);
  return {
    processes: busy.processes.map((seconds, index) => more(atRest.processes[index] ?? 0, seconds)),
    postgres: more(atRest.postgres, busy.postgres),
    redis: more(atRest.redis, busy.redis),
  };
}

/** What is left of it without the rest. */
export function toDifference(all: Cpu, rest: Cpu): Cpu {
  return {
    processes: all.processes.map((seconds, index) => rounded(seconds - (rest.processes[index] ?? 0))),
    postgres: rounded(all.postgres - rest.postgres),
    redis: rounded(all.redis - rest.redis),
  };
}

/** What the stores have done between two moments, divided by a number; what they have not done is left out. */
export function counted(first: Moment, last: Moment, by: number): Record<string, number> {
  const counts = Object.entries(last.counters).map(([name, count]) => [name, rounded((count - (first.counters[name] ?? 0)) / by)] as const);
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}
