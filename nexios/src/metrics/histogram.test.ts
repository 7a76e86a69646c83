import { expect, test } from "vitest";
import { bucketOf, highestBucket, lowerBound, lowestBucket, middleOf } from "./buckets.ts";
import { difference } from "./difference.ts";
import { percentile } from "./percentile.ts";
import { logNormal, seeded } from "./random.fixture.ts";
import type { HistogramReading } from "./reading.ts";
import { Metrics } from "./registry.ts";

function recorded(values: Iterable<number>, bounds: readonly number[] = [1, 10]): HistogramReading {
  const histogram = new Metrics().histogram("h", { bounds });
  for (const value of values) histogram.record(value);
  return histogram.read().next().value!.value;
}

test("a power of two is the largest value of its bucket, as OpenTelemetry has it", () => {
  for (let exponent = -32; exponent <= 47; exponent++) {
    expect(bucketOf(2 ** exponent)).toBe(Math.max(lowestBucket, exponent * 32 - 1));
    expect(bucketOf(2 ** exponent * (1 + Number.EPSILON * 64))).toBe(exponent * 32);
  }
});

test("a value lies in its bucket, and at most 1.1 % from the bucket's middle", () => {
  const random = seeded(1);
  for (let run = 0; run < 100_000; run++) {
    const value = 2 ** (random() * 78 - 31);
    const bucket = bucketOf(value);
    expect(value).toBeGreaterThan(lowerBound(bucket) * (1 - 1e-12));
    expect(value).toBeLessThanOrEqual(lowerBound(bucket + 1) * (1 + 1e-12));
    expect(Math.abs(middleOf(bucket) - value) / value).toBeLessThan(0.011);
  }
});

test("counts at the declared bounds are exact, a bound belongs to what is at most so large", () => {
  expect(recorded([0, 0.5, 1, 1.0000001, 10, 11])).toMatchObject({ count: 6, zeros: 1, min: 0, max: 11, atMost: [3, 5] });
});

test("what is below 0, such as a time that a stepping clock gives, counts as 0", () => {
  expect(recorded([-5, -Infinity])).toEqual({ count: 2, sum: 0, min: 0, max: 0, zeros: 2, buckets: [], atMost: [2, 2] });
});

test.each([NaN, Infinity])("%s is not recorded", (value) => {
  expect(() => new Metrics().histogram("h").record(value)).toThrow(TypeError);
});

test("values of any size are kept, in at most 2,560 buckets", () => {
  const random = seeded(2);
  const reading = recorded(Array.from({ length: 50_000 }, () => 2 ** (random() * 2_000 - 1_000)));

  expect(reading.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(50_000);
  expect(reading.buckets.length).toBeLessThanOrEqual(highestBucket - lowestBucket + 1);
  expect(reading.buckets.map(([index]) => index)).toEqual(reading.buckets.map(([index]) => index).toSorted((a, b) => a - b));
  expect([reading.buckets[0]![0], reading.buckets.at(-1)![0]]).toEqual([lowestBucket, highestBucket]);
});

test("percentiles of a million log-normal values are at most 1.5 % off", () => {
  const random = seeded(3);
  const values = Float64Array.from({ length: 1_000_000 }, () => logNormal(random));

  const reading = recorded(values);
  values.sort();

  for (const share of [0.5, 0.9, 0.99, 0.999]) {
    const exact = values[Math.ceil(share * values.length) - 1]!;
    expect(Math.abs(percentile(reading, share)! - exact) / exact).toBeLessThan(0.015);
  }
});

test("a percentile of nothing is none, of one value that value, and never outside of what was recorded", () => {
  expect(percentile(recorded([]), 0.5)).toBeUndefined();
  expect([0, 0.5, 1].map((share) => percentile(recorded([3.3]), share))).toEqual([3.3, 3.3, 3.3]);
  expect(percentile(recorded([0, 0, 0, 5]), 0.5)).toBe(0);
  expect(() => percentile(recorded([1]), 95)).toThrow(TypeError);
});

test("the difference of two readings is what was recorded in between", () => {
  const random = seeded(4);
  const [first, second] = [0, 1].map(() => Array.from({ length: 1_000 }, () => logNormal(random)));

  const between = difference(recorded(first!), recorded([...first!, ...second!]));

  const alone = recorded(second!);
  expect(between).toMatchObject({ count: 1_000, zeros: 0, buckets: alone.buckets, atMost: alone.atMost });
  expect(between.sum).toBeCloseTo(alone.sum, 6);
  expect(between.min! / alone.min!).toBeCloseTo(1, 1);
  expect(percentile(between, 0.99)! / percentile(alone, 0.99)!).toBeCloseTo(1, 1);
  expect(difference(undefined, alone)).toBe(alone);
});

test("between equal readings nothing was recorded, and after a new start all that there is", () => {
  const [before, after] = [recorded([1, 2, 3]), recorded([2])];

  expect(difference(before, before)).toEqual({ count: 0, sum: 0, zeros: 0, buckets: [], atMost: [0, 0] });
  expect(difference(before, after)).toBe(after);
});
