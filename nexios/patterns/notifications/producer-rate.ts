/** So many in a second on average, and so many at once. */
export interface ProducerRates {
  readonly perSecond: number;
  readonly burst: number;
}

/** Who has been silent for long enough is as one who never came: of more the oldest goes. */
const mostProducers = 10_000;

/** What each producer may still create: a bucket that fills by time. */
export class ProducerRate {
  readonly #rates: ProducerRates;
  readonly #now: () => number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** `now` never goes back. */
  constructor(rates: ProducerRates, now: () => number) {
    this.#rates = rates;
    this.#now = now;
  }

  /** Takes one; or gives how many milliseconds it takes until there is one. */
  take(producer: string): number {
    const { perSecond, burst } = this.#rates;
    const now = this.#now();
    const bucket = this.#buckets.get(producer) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) * perSecond) / 1_000);
    bucket.at = now;
    this.#buckets.delete(producer);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size >= mostProducers && oldest !== undefined) this.#buckets.delete(oldest);
    this.#buckets.set(producer, bucket);
    if (bucket.left < 1) return Math.ceil(((1 - bucket.left) * 1_000) / perSecond);
    bucket.left--;
    return 0;
  }
}
