import { difference, estimate, type FamilyReading, type HistogramReading, type MetricsReading, percentile, type UniqueReading } from "nexios/metrics";
import { keyOf, type Point, round, type Stat } from "./column.ts";
import type { TopList } from "./frame.ts";
import type { Pace } from "./pace.ts";
import type { Sample } from "./sample.ts";

type MeasuredColumn = Sample["columns"][number];
/** Of a series: its number, or what a histogram held. */
type Held = number | HistogramReading;

const percentiles: readonly (readonly [Stat, number])[] = [
  ["p50", 0.5],
  ["p95", 0.95],
  ["p99", 0.99],
];
const shownKeys = 10;

/** What is known at a step. */
export interface Measured {
  readonly reading: MetricsReading;
  /** Processes are in it that were not before: what these have counted has not all happened since. */
  readonly hasNewcomers: boolean;
}

/** Makes a pace's samples out of readings: what was added and recorded since the sample before, where gauges have been meanwhile. */
export class PaceMeter {
  readonly #pace: Pace;
  #before: { readonly tick: number; readonly held: ReadonlyMap<string, Held> } | undefined;
  #ranges = new Map<string, readonly [least: number, greatest: number]>();
  #hasNewcomers = false;

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  /** A reading between two samples, or right before one. */
  observe({ reading, hasNewcomers }: Measured): void {
    this.#hasNewcomers ||= hasNewcomers;
    for (const family of reading.families) {
      if (family.kind !== "gauge") continue;
      for (const { labels, value } of family.series) {
        const key = keyOf({ metric: family.name, labels, stat: "value" });
        const [least, greatest] = this.#ranges.get(key) ?? [value, value];
        this.#ranges.set(key, [Math.min(least, value), Math.max(greatest, value)]);
      }
    }
  }

  /** What is shown at the end of a step; of the first there is no rate yet, nor of one in which processes have come. */
  sample(tick: number, { families }: MetricsReading): Sample {
    const { seconds, steps } = this.#pace;
    const before = this.#hasNewcomers ? undefined : this.#before;
    this.#hasNewcomers = false;
    const elapsed = before === undefined ? undefined : (tick - before.tick) * seconds;
    const held = new Map<string, Held>();
    const columns: MeasuredColumn[] = [];
    const tops: Record<string, TopList> = {};
    for (const family of families) {
      if (family.kind === "top") {
        const whole = family.series.find(({ labels }) => Object.keys(labels).length === 0);
        if (whole !== undefined) tops[family.name] = whole.value.keys.slice(0, shownKeys).map(([key, count]) => [key, count]);
        continue;
      }
      columns.push(...this.#columnsOf(family, { held, before: before?.held, elapsed }));
    }
    this.#before = { tick, held };
    this.#ranges = new Map();
    return { tick, stepMs: seconds * 1_000, steps, columns, tops };
  }

  *#columnsOf(family: Exclude<FamilyReading, { kind: "top" }>, since: Since): Generator<MeasuredColumn> {
    const { kind, name: metric, unit } = family;
    for (const { labels, value } of family.series) {
      const columnOf = (stat: Stat, point: Point): MeasuredColumn => ({
        metric,
        labels,
        stat,
        ...(unit !== undefined && !(kind === "histogram" && stat === "rate") && { unit }),
        point,
      });
      const key = keyOf({ metric, labels, stat: "value" });
      if (kind === "gauge") yield columnOf("value", this.#pointOf(key, value as number));
      else if (kind === "unique") yield columnOf("distinct", estimate(value as UniqueReading).count);
      else if (kind === "counter") {
        since.held.set(key, value as number);
        yield columnOf("rate", rateOf(value as number, since.before?.get(key) as number | undefined, since));
      } else {
        const after = value as HistogramReading;
        since.held.set(key, after);
        const earlier = since.before?.get(key) as HistogramReading | undefined;
        const recorded = since.before && difference(earlier, after);
        yield columnOf("rate", rateOf(after.count, earlier?.count, since));
        for (const [stat, share] of percentiles) yield columnOf(stat, roundOrNull(recorded && percentile(recorded, share)));
      }
    }
  }

  #pointOf(key: string, value: number): Point {
    const [least, greatest] = this.#ranges.get(key) ?? [value, value];
    return least === value && greatest === value ? round(value) : [round(value), round(Math.min(least, value)), round(Math.max(greatest, value))];
  }
}

/** A percentile is known to 1.1 %. */
function roundOrNull(value: number | undefined): number | null {
  return value === undefined ? null : round(value, 3);
}

interface Since {
  readonly held: Map<string, Held>;
  readonly before: ReadonlyMap<string, Held> | undefined;
  /** Seconds since the last sample. */
  readonly elapsed: number | undefined;
}

/** What was added in each second. One that has become less has begun anew. */
function rateOf(value: number, earlier: number | undefined, { before, elapsed }: Since): number | null {
  if (before === undefined || elapsed === undefined || elapsed <= 0) return null;
  return round((earlier === undefined || earlier > value ? value : value - earlier) / elapsed);
}
