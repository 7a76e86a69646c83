/**
 * The buckets of a histogram: those of OpenTelemetry's exponential histogram at scale 5. Bucket i holds what is above base^i and at most base^(i + 1), with
 * base = 2^(1/32). Source: OpenTelemetry, Metrics Data Model, "ExponentialHistogram", "Use the Logarithm Function".
 */
export const scale = 5;

const perOctave = 2 ** scale;
/** Below 2^-32 and above 2^48 is one bucket each: between them are a third of a nanosecond and 281 terabytes. */
export const lowestBucket = -32 * perOctave;
export const highestBucket = 48 * perOctave - 1;

/** The bucket of a value above 0. */
export function bucketOf(value: number): number {
  const index = Math.ceil(Math.log2(value) * perOctave) - 1;
  return index < lowestBucket ? lowestBucket : index > highestBucket ? highestBucket : index;
}

/** What all values of a bucket are above. */
export function lowerBound(index: number): number {
  return 2 ** (index / perOctave);
}

/** What is at most 1.1 % off from any value of the bucket. */
export function middleOf(index: number): number {
  const [low, high] = [lowerBound(index), lowerBound(index + 1)];
  return (2 * low * high) / (low + high);
}
