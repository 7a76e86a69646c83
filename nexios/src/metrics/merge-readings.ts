import { Distinct } from "./distinct.ts";
import { toFinite } from "./finite.ts";
import { mergeGauges } from "./gauge.ts";
import { keyOf, overflowLabels } from "./names.ts";
import type { FamilyReading, HistogramReading, Labels, MetricsReading, TopReading, UniqueReading } from "./reading.ts";
import { mostKeys } from "./top.ts";

/** Metrics of a merged reading; what is beyond is left out. */
const mostFamilies = 2_000;

/** How much a merged reading holds. */
export interface MergeLimits {
  /** Series of one metric; those beyond become one, `{overflow="true"}`. 1,000 unless given. */
  readonly seriesPerMetric?: number;
}

type OfKind<Kind extends FamilyReading["kind"]> = Extract<FamilyReading, { kind: Kind }>;

interface Series<Value> {
  readonly labels: Labels;
  readonly value: Value;
}

/**
 * The readings of several processes as one. Counters and histograms are added, gauges put together as each one's `merge` says, distinct members united, heaviest keys
 * added. Where readings have one name for two kinds of metric, the first counts. A histogram keeps the bounds that all have.
 */
export function mergeReadings(readings: readonly MetricsReading[], { seriesPerMetric = 1_000 }: MergeLimits = {}): MetricsReading {
  const byName = new Map<string, FamilyReading[]>();
  for (const family of readings.flatMap(({ families }) => families)) {
    const same = byName.get(family.name);
    if (same?.[0]?.kind === family.kind) same.push(family);
    else if (same === undefined && byName.size < mostFamilies) byName.set(family.name, [family]);
  }
  return { families: [...byName.values()].map((families) => mergeFamilies(families, seriesPerMetric)) };
}

function mergeFamilies(families: readonly FamilyReading[], limit: number): FamilyReading {
  // They are of one kind.
  const first = families[0]!;
  if (families.length === 1 && first.series.length <= limit) return first;
  switch (first.kind) {
    case "counter":
      return { ...first, series: mergeSeries(families as readonly (typeof first)[], limit, (a, b) => toFinite(a + b)) };
    case "gauge":
      return { ...first, series: mergeSeries(families as readonly (typeof first)[], limit, (a, b) => mergeGauges(first.merge, a, b)) };
    case "histogram":
      return mergeHistogramFamilies(families as readonly (typeof first)[], limit);
    case "unique":
      return { ...first, series: mergeSeries(families as readonly (typeof first)[], limit, mergeUniques) };
    case "top":
      return { ...first, series: mergeSeries(families as readonly (typeof first)[], limit, mergeTops) };
  }
}

function mergeSeries<Value>(
  families: readonly { readonly series: readonly Series<Value>[] }[],
  limit: number,
  merge: (a: Value, b: Value) => Value,
): readonly Series<Value>[] {
  const merged = new Map<string, Series<Value>>();
  let overflow: Series<Value> | undefined;
  for (const { labels, value } of families.flatMap(({ series }) => series)) {
    const key = keyOf(Object.entries(labels));
    const known = merged.get(key);
    if (known !== undefined) merged.set(key, { labels, value: merge(known.value, value) });
    else if (labels["overflow"] === undefined && merged.size < limit) merged.set(key, { labels, value });
    else overflow = { labels: overflowLabels, value: overflow === undefined ? value : merge(overflow.value, value) };
  }
  return [...merged.values(), ...(overflow === undefined ? [] : [overflow])];
}

function mergeHistogramFamilies(families: readonly OfKind<"histogram">[], limit: number): OfKind<"histogram"> {
  const [first, ...others] = families;
  const bounds = first!.bounds.filter((bound) => others.every((other) => other.bounds.includes(bound)));
  // Processes of two versions may count at other bounds: what is exact in all of them stays so.
  const alike = families.map((family) => ({
    series: family.series.map(({ labels, value }) => ({
      labels,
      value: { ...value, atMost: bounds.map((bound) => value.atMost[family.bounds.indexOf(bound)]!) },
    })),
  }));
  return { ...first!, bounds, series: mergeSeries(alike, limit, mergeHistograms) };
}

function mergeHistograms(a: HistogramReading, b: HistogramReading): HistogramReading {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const range = { min: Math.min(a.min ?? Infinity, b.min ?? Infinity), max: Math.max(a.max ?? 0, b.max ?? 0) };
  return {
    count: a.count + b.count,
    sum: toFinite(a.sum + b.sum),
    ...range,
    zeros: a.zeros + b.zeros,
    buckets: mergeBuckets(a.buckets, b.buckets),
    atMost: a.atMost.map((at, index) => at + b.atMost[index]!),
  };
}

/** Both are ascending. */
function mergeBuckets(a: HistogramReading["buckets"], b: HistogramReading["buckets"]): HistogramReading["buckets"] {
  const merged: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    const [left, right] = [a[i], b[j]];
    if (right === undefined || (left !== undefined && left[0] < right[0])) {
      merged.push(left!);
      i++;
    } else if (left === undefined || right[0] < left[0]) {
      merged.push(right);
      j++;
    } else {
      merged.push([left[0], left[1] + right[1]]);
      i++;
      j++;
    }
  }
  return merged;
}

function mergeUniques(a: UniqueReading, b: UniqueReading): UniqueReading {
  const union = new Distinct();
  union.merge(a);
  union.merge(b);
  return union.read();
}

/** A key that one of them does not list may have been too light for it: the merged count is then too low by what its others have at most. */
function mergeTops(a: TopReading, b: TopReading): TopReading {
  const keys = new Map<string, readonly [string, number, number]>(a.keys.map((key) => [key[0], key]));
  for (const [key, count, error] of b.keys) {
    const [, known = 0, knownError = 0] = keys.get(key) ?? [];
    keys.set(key, [key, toFinite(known + count), toFinite(knownError + error)]);
  }
  const sorted = [...keys.values()].toSorted(([x, xs], [y, ys]) => ys - xs || (x < y ? -1 : 1));
  const listed = sorted.slice(0, mostKeys);
  return { keys: listed, others: Math.max(toFinite(a.others + b.others), sorted[mostKeys]?.[1] ?? 0) };
}
