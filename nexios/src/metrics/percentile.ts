import { middleOf } from "./buckets.ts";
import type { HistogramReading } from "./reading.ts";

/** The value that such a share of all, from 0 to 1, does not exceed, at most 1.1 % off; `undefined` where nothing was recorded. @throws TypeError for a share that is none */
export function percentile({ count, zeros, min = 0, max = Infinity, buckets }: HistogramReading, share: number): number | undefined {
  if (!(share >= 0 && share <= 1)) throw new TypeError(`A percentile is asked for with a share from 0 to 1, not with ${share}`);
  if (count === 0) return undefined;
  const rank = Math.max(1, Math.ceil(share * count));
  if (rank >= count && max < Infinity) return max;
  let below = zeros;
  if (rank <= below) return 0;
  for (const [index, inBucket] of buckets) {
    below += inBucket;
    if (rank <= below) return Math.min(max, Math.max(min, middleOf(index)));
  }
  return max;
}
