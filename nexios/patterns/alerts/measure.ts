import type { Observation } from "./evaluate.ts";
import type { BurnRate, Condition, Moment } from "./rule.ts";

/** A value at its moment. */
export type Sample = readonly [at: Moment, value: number];

/** What a condition makes of a series' samples, which ascend and end at `now` or before. `totals`: those of the metric that counts all. A value holds at its own moment only. */
export function measure(when: Condition, samples: readonly Sample[], now: Moment, totals: readonly Sample[] = []): Observation {
  const last = samples.at(-1);
  if (last === undefined) return { kind: "none" };
  if (last[0] !== now) return { kind: "none", seenAt: last[0] };
  if ("rateAbove" in when) return toObservation(rateOver(samples, now, when.overMs));
  if ("burnRateAbove" in when) return toObservation(burnRate(when, samples, totals, now));
  return { kind: "value", value: last[1] };
}

/** How far back a condition looks. */
export function reachOf(when: Condition): number {
  if ("rateAbove" in when) return when.overMs;
  if ("burnRateAbove" in when) return Math.max(when.shortMs, when.longMs);
  return "absentMs" in when ? when.absentMs : 0;
}

function toObservation(value: number | undefined): Observation {
  return value === undefined ? { kind: "none" } : { kind: "value", value };
}

/** The slower of the two windows decides: both must be above. */
function burnRate({ objective, shortMs, longMs }: BurnRate, failed: readonly Sample[], totals: readonly Sample[], now: Moment): number | undefined {
  const rates = [shortMs, longMs].map((overMs) => {
    const [failedRate, totalRate] = [rateOver(failed, now, overMs), rateOver(totals, now, overMs)];
    // Where nothing was tried, nothing is known.
    return failedRate === undefined || totalRate === undefined || totalRate === 0 ? undefined : failedRate / totalRate / (1 - objective);
  });
  const [short, long] = rates;
  return short === undefined || long === undefined ? undefined : Math.min(short, long);
}

/** A counter's increase per second between the first and the last sample of the window, both ends of which belong to it. Two samples are needed. */
function rateOver(samples: readonly Sample[], now: Moment, overMs: number): number | undefined {
  const window = samples.slice(samples.findLastIndex(([at]) => at < now - overMs) + 1);
  const [first, last] = [window[0], window.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;
  let increase = 0;
  let before = first[1];
  for (const [, value] of window.slice(1)) {
    // A counter that is lower than before has begun anew at 0.
    increase += value < before ? value : value - before;
    before = value;
  }
  return (increase / (last[0] - first[0])) * 1000;
}
