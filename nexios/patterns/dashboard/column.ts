/** What a column shows of its series: what was added in each second, the value, how many distinct members, or a percentile of what was recorded. */
export type Stat = "rate" | "value" | "distinct" | "p50" | "p95" | "p99";

/** One line of a chart: a statistic of one series of a metric. */
export interface ColumnFacts {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly stat: Stat;
  readonly unit?: string;
}

/**
 * A column's value at one step: `null` where there is none. Where a pace is slower than the sampling, a gauge's last value stands between the least and the greatest that it
 * had within the step, if they differ: a peak is not lost on a slow chart.
 */
export type Point = number | null | readonly [last: number, least: number, greatest: number];

/** Tells columns apart. */
export function keyOf({ metric, labels, stat }: ColumnFacts): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([metric, stat, ...sorted]);
}

export function factsOf({ metric, labels, stat, unit }: ColumnFacts): ColumnFacts {
  return { metric, labels, stat, ...(unit !== undefined && { unit }) };
}

/** Whole numbers as they are; of others four digits, which no chart shows more of. `digits`: of what is not known better. */
export function round(value: number, digits = 4): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
}
