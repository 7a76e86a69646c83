// Hot: `npm run bench -- metrics`.
import { bucketOf, highestBucket, lowestBucket } from "./buckets.ts";
import { toFinite } from "./finite.ts";
import type { FamilyReading, HistogramReading, Labels } from "./reading.ts";
import { SeriesSet, type SeriesServices } from "./series-set.ts";

/** How values are spread. */
export interface HistogramSeries {
  /** Below 0 counts as 0. @throws TypeError for what is no number */
  record(value: number): void;
}

/** Buckets that a histogram begins with: two octaves. */
const firstBuckets = 64;

class Spread implements HistogramSeries {
  readonly #bounds: readonly number[];
  /** How many values are at most so large, and above the bound before; the last holds the rest. */
  readonly #atBounds: Float64Array;
  #counts = new Float64Array(0);
  /** The bucket that the counts begin with. */
  #first = 0;
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;
  #zeros = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#atBounds = new Float64Array(bounds.length + 1);
  }

  record(given: number): void {
    if (!(typeof given === "number" && given < Infinity)) throw new TypeError(`A histogram takes numbers, not ${given}`);
    const value = given > 0 ? given : 0;
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    const bounds = this.#bounds;
    let bound = 0;
    while (bound < bounds.length && value > bounds[bound]!) bound++;
    this.#atBounds[bound]!++;
    if (value === 0) {
      this.#zeros++;
      return;
    }
    const index = bucketOf(value);
    const place = index - this.#first;
    if (place >= 0 && place < this.#counts.length) this.#counts[place]!++;
    else this.#grow(index);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  read(withBuckets: boolean): HistogramReading {
    const buckets: [number, number][] = [];
    const places = withBuckets ? this.#counts.length : 0;
    for (let place = 0; place < places; place++) {
      const count = this.#counts[place]!;
      if (count > 0) buckets.push([this.#first + place, count]);
    }
    let below = 0;
    const atMost = this.#bounds.map((_, index) => (below += this.#atBounds[index]!));
    const range = this.#count === 0 ? {} : { min: this.#min, max: this.#max };
    return { count: this.#count, sum: toFinite(this.#sum), ...range, zeros: this.#zeros, buckets, atMost };
  }

  /** Makes room for the bucket, and as much again on its side, so that this happens seldom. */
  #grow(index: number): void {
    const old = this.#counts;
    const isEmpty = old.length === 0;
    const [oldFirst, oldLast] = isEmpty ? [index, index] : [this.#first, this.#first + old.length - 1];
    const room = isEmpty ? firstBuckets / 2 : old.length;
    const first = isEmpty || index < oldFirst ? Math.max(lowestBucket, Math.min(index, oldFirst - room)) : oldFirst;
    const last = isEmpty || index > oldLast ? Math.min(highestBucket, Math.max(index, oldLast + room)) : oldLast;
    const counts = new Float64Array(last - first + 1);
    counts.set(old, oldFirst - first);
    counts[index - first]!++;
    this.#counts = counts;
    this.#first = first;
  }
}

/** Records values, of which percentiles are asked. Itself it is the series without labels. */
export class Histogram implements HistogramSeries {
  readonly kind = "histogram";
  readonly bounds: readonly number[];
  readonly #set: SeriesSet<Spread>;
  readonly #own: Spread;

  constructor(bounds: readonly number[], services: SeriesServices) {
    this.bounds = bounds;
    this.#set = new SeriesSet(services, () => new Spread(bounds));
    this.#own = this.#set.own;
  }

  /** The series of these labels, to be kept and recorded in. @throws TypeError for what are no labels */
  with(labels: Labels): HistogramSeries {
    return this.#set.with(labels);
  }

  record(value: number): void {
    this.#own.record(value);
  }

  /** Without buckets it is less work, where nobody asks for percentiles. @internal */
  *read(withBuckets = true): Generator<Extract<FamilyReading, { kind: "histogram" }>["series"][number], void> {
    if (!this.#own.isEmpty || this.#set.isPlain) yield { labels: {}, value: this.#own.read(withBuckets) };
    for (const { labels, series } of this.#set.entries()) yield { labels, value: series.read(withBuckets) };
  }
}
