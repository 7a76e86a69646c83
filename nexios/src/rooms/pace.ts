/** So many in a second on average, and so many at once. */
export interface PaceRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Nobody is told to wait longer. */
const longestMs = 60_000;

/** Slots at an even pace, after a burst: the generic cell rate algorithm (ITU-T I.371, virtual scheduling). Times are of a monotonic clock. */
export class Pace {
  readonly #rate: PaceRate;
  /** When the burst would be whole again. */
  #due = -Infinity;
  /** When the last of those that were sent away is expected. */
  #expected = -Infinity;

  constructor(rate: PaceRate) {
    this.#rate = rate;
  }

  /** Takes a slot if there is one now. */
  take(now: number): boolean {
    if (this.#waitMs(now) > 0) return false;
    this.#advance(now);
    return true;
  }

  /** For one that `take` sent away: when to come again, behind those that were sent away before it, in milliseconds. */
  expect(now: number): number {
    if (this.#rate.perSecond === Infinity) return 0;
    const latest = now + Math.min(longestMs, Math.max(1, this.#rate.burst) * this.#intervalMs);
    this.#expected = Math.min(latest, Math.max(this.#expected, now) + this.#intervalMs);
    return Math.ceil(this.#expected - now);
  }

  /** Takes the next slot, though it may lie ahead: milliseconds until then. `undefined`, with nothing taken, if that is more than `withinMs`. */
  reserve(now: number, withinMs: number): number | undefined {
    const waitMs = Math.max(0, this.#waitMs(now));
    if (waitMs > withinMs) return undefined;
    this.#advance(now);
    return waitMs;
  }

  get #intervalMs(): number {
    return 1_000 / this.#rate.perSecond;
  }

  #waitMs(now: number): number {
    if (this.#rate.perSecond === Infinity) return 0;
    if (this.#rate.perSecond === 0) return Infinity;
    const waitMs = Math.max(this.#due, now) + this.#intervalMs - now - this.#rate.burst * this.#intervalMs;
    // A sum of many intervals is off by rounding: less than a microsecond is no wait.
    return waitMs > 1e-3 ? waitMs : 0;
  }

  #advance(now: number): void {
    this.#due = Math.max(this.#due, now) + this.#intervalMs;
  }
}
