import { difference, estimate, type FamilyReading, type HistogramReading, type Labels, type MetricsReading, percentile } from "nexios/metrics";
import { keyOf, type Point, round, type Stat } from "./column.ts";
import type { TopList } from "./frame.ts";
import type { Pace } from "./pace.ts";
import type { Sample } from "./sample.ts";

type MeasuredColumn = Sample["columns"][number];
/** What series had counted and recorded at a step, by their keys. */
interface Held {
  readonly counters: Map<string, number>;
  readonly histograms: Map<string, HistogramReading>;
}

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
  #before: { readonly tick: number; readonly held: Held } | undefined;
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
        const key = keyOfSeries(family.name, labels);
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
    const held: Held = { counters: new Map(), histograms: new Map() };
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
    const { name: metric, unit } = family;
    const columnOf = (labels: Labels, stat: Stat, point: Point): MeasuredColumn => ({ metric, labels, stat, ...(unit !== undefined && { unit }), point });
    switch (family.kind) {
      case "gauge":
        for (const { labels, value } of family.series) yield columnOf(labels, "value", this.#pointOf(keyOfSeries(metric, labels), value));
        return;
      case "unique":
        for (const { labels, value } of family.series) yield columnOf(labels, "distinct", estimate(value).count);
        return;
      case "counter":
        for (const { labels, value } of family.series) {
          const key = keyOfSeries(metric, labels);
          since.held.counters.set(key, value);
          yield columnOf(labels, "rate", rateOf(value, since.before?.counters.get(key), since));
        }
        return;
      case "histogram":
        for (const { labels, value } of family.series) {
          const key = keyOfSeries(metric, labels);
          since.held.histograms.set(key, value);
          const earlier = since.before?.histograms.get(key);
          const recorded = since.before && difference(earlier, value);
          // How often, not how much: it has no unit.
          yield { metric, labels, stat: "rate", point: rateOf(value.count, earlier?.count, since) };
          for (const [stat, share] of percentiles) yield columnOf(labels, stat, roundOrNull(recorded && percentile(recorded, share)));
        }
    }
  }

  #pointOf(key: string, value: number): Point {
    const [least, greatest] = this.#ranges.get(key) ?? [value, value];
    return least === value && greatest === value ? round(value) : [round(value), round(Math.min(least, value)), round(Math.max(greatest, value))];
  }
}

function keyOfSeries(metric: string, labels: Labels): string {
  return keyOf({ metric, labels, stat: "value" });
}

/** A percentile is known to 1.1 %. */
function roundOrNull(value: number | undefined): number | null {
  return value === undefined ? null : round(value, 3);
}

interface Since {
  readonly held: Held;
  readonly before: Held | undefined;
  /** Seconds since the last sample. */
  readonly elapsed: number | undefined;
}

/** What was added in each second. One that has become less has begun anew. */
function rateOf(value: number, earlier: number | undefined, { before, elapsed }: Since): number | null {
  if (before === undefined || elapsed === undefined || elapsed <= 0) return null;
  return round((earlier === undefined || earlier > value ? value : value - earlier) / elapsed);
}
