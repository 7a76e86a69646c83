import { ClockTrial, type ClockIncident, type ClockIncidentKind, type ClockTrialOptions } from "./clock-figures-trial.ts";

/** How long a client's clock needed to be right again, in ms after the incident. The median, and the longest of all. */
interface ClockHealing {
  /** Until the shown time was within a finite bound for good. */
  readonly bounded: readonly [median: number, most: number];
  /** Until it was within 50 ms for good. */
  readonly exact: readonly [median: number, most: number];
  /** Until the watch noticed. */
  readonly noticed: readonly [median: number, most: number];
}

/** How good the clock was that a client showed. Settled: from a minute after the start, a sleep or a step of the wall clock. */
export interface ClockFigures {
  /** The settled error in ms, at the median and at the 99th percentile. */
  readonly p50: number;
  readonly p99: number;
  /** The settled bound in ms, at the median. */
  readonly bound: number;
  readonly samples: number;
  /** Samples, settled or not, in which the truth was outside of the bound; those between waking and the watch's notice are not counted. */
  readonly outOfBound: number;
  readonly start: ClockHealing;
  readonly sleep: ClockHealing;
  readonly step: ClockHealing;
}

/** The figures of one trial. */
export async function measureClock(options: ClockTrialOptions): Promise<ClockFigures> {
  const trial = new ClockTrial(options);
  await trial.run();
  const { errors, bounds, incidents, samples, outOfBound } = trial;
  return {
    p50: percentile(errors, 0.5),
    p99: percentile(errors, 0.99),
    bound: percentile(bounds, 0.5),
    samples,
    outOfBound,
    start: toHealing(incidents, "start"),
    sleep: toHealing(incidents, "sleep"),
    step: toHealing(incidents, "step"),
  };
}

function toHealing(incidents: readonly ClockIncident[], kind: ClockIncidentKind): ClockHealing {
  const ofKind = incidents.filter((incident) => incident.kind === kind);
  const over = (field: "boundedMs" | "exactMs" | "noticedMs"): [number, number] => {
    const values = ofKind.map((incident) => incident[field]);
    return [percentile(values, 0.5), percentile(values, 1)];
  };
  return { bounded: over("boundedMs"), exact: over("exactMs"), noticed: over("noticedMs") };
}

/** NaN of nothing. */
function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}
