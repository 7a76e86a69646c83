import { lowerBound } from "./buckets.ts";
import type { HistogramReading } from "./reading.ts";

/** What was recorded between two readings of one histogram. When the later one holds less, its process has begun anew: then it is all that was recorded since. */
export function difference(earlier: HistogramReading | undefined, later: HistogramReading): HistogramReading {
  if (earlier === undefined || earlier.count === 0 || earlier.atMost.length !== later.atMost.length) return later;
  const before = new Map(earlier.buckets);
  const buckets: [number, number][] = [];
  for (const [index, count] of later.buckets) {
    const between = count - (before.get(index) ?? 0);
    if (between < 0) return later;
    before.delete(index);
    if (between > 0) buckets.push([index, between]);
  }
  const [count, zeros] = [later.count - earlier.count, later.zeros - earlier.zeros];
  const atMost = later.atMost.map((at, index) => at - earlier.atMost[index]!);
  if (before.size > 0 || count < 0 || zeros < 0 || atMost.some((at) => at < 0)) return later;
  return { count, sum: Math.max(0, later.sum - earlier.sum), ...rangeOf(later, count, zeros, buckets), zeros, buckets, atMost };
}

/** The least and the largest are known of all that was ever recorded; of what is between, by the bucket. */
function rangeOf({ min = 0, max = 0 }: HistogramReading, count: number, zeros: number, buckets: readonly (readonly [number, number])[]) {
  if (count === 0) return {};
  const [lowest, highest] = [buckets[0]?.[0], buckets.at(-1)?.[0]];
  return {
    min: zeros > 0 || lowest === undefined ? 0 : Math.min(max, Math.max(min, lowerBound(lowest))),
    max: highest === undefined ? 0 : Math.min(max, lowerBound(highest + 1)),
  };
}
