import { type Labels, alertKey } from "./labels.ts";
import type { Sample } from "./measure.ts";
import type { Moment } from "./rule.ts";

/** A series of a metric with its samples, ascending. */
export interface Series {
  readonly metric: string;
  readonly labels: Labels;
  readonly samples: readonly Sample[];
}

/** What is remembered of a source's values: the past that rates and absences look at. */
export class Past {
  readonly #metrics = new Map<string, Map<string, { readonly labels: Labels; samples: Sample[] }>>();
  readonly #limits: PastLimits;

  constructor(limits: PastLimits) {
    this.#limits = limits;
  }

  /** Takes down that there is such a series, with or without a value. False: there are too many, and it is left out. */
  add(metric: string, labels: Labels, sample?: Sample): boolean {
    const of = this.#metrics.get(metric) ?? new Map<string, { readonly labels: Labels; samples: Sample[] }>();
    this.#metrics.set(metric, of);
    const key = alertKey(metric, labels);
    const series = of.get(key);
    if (series === undefined) {
      if (of.size >= this.#limits.series) return false;
      of.set(key, { labels, samples: sample === undefined ? [] : [sample] });
      return true;
    }
    if (sample === undefined) return true;
    series.samples.push(sample);
    // Every other one of the older half goes: a window keeps both its ends.
    if (series.samples.length > this.#limits.samples) {
      const half = Math.floor(series.samples.length / 2);
      series.samples = series.samples.filter((_, index) => index >= half || index % 2 === 0);
    }
    return true;
  }

  /** Forgets what no condition looks at any more, and series that have had no value since then. */
  forget(before: Moment): void {
    for (const [metric, of] of this.#metrics) {
      for (const [key, series] of of) {
        series.samples = series.samples.slice(
          Math.max(
            0,
            series.samples.findIndex(([at]) => at >= before),
          ),
        );
        const last = series.samples.at(-1);
        if (last === undefined || last[0] < before) of.delete(key);
      }
      if (of.size === 0) this.#metrics.delete(metric);
    }
  }

  of(metric: string): readonly Series[] {
    return [...(this.#metrics.get(metric)?.values() ?? [])].map(({ labels, samples }) => ({ metric, labels, samples }));
  }
}

/** How much of the past is remembered. */
export interface PastLimits {
  /** Series of one metric. */
  readonly series: number;
  /** Samples of one series. */
  readonly samples: number;
}
