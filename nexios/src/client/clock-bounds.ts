/** What one exchange proves: at the time `at` of the client's monotonic clock, the server's clock was between `lower` and `upper` milliseconds ahead of it. */
export interface ClockSample {
  readonly at: number;
  readonly lower: number;
  readonly upper: number;
}

/** What the exchanges prove together: the server's clock was `middle` ms ahead of the monotonic clock, give or take `half` ms; in each ms since, they grow by `skew` and `doubt`. */
export type ClockBounds = readonly [middle: number, half: number, skew: number, doubt: number];

/** The samples of the last ten minutes, 100 at most, with one more. Times in ms; `now` is the server's when it read the ping, the others are of the client's monotonic clock. */
export function withExchange(samples: readonly ClockSample[], sentAt: number, receivedAt: number, now: number): readonly ClockSample[] {
  const windowMs = 600_000;
  const mostSamples = 100;
  // The server rounds its time down to a whole millisecond; a browser may round the monotonic clock by one, either way.
  const grainMs = 1;
  const sample = { at: receivedAt, lower: now - receivedAt - grainMs, upper: now - sentAt + 2 * grainMs };
  const kept = [...samples.filter(({ at }) => at > receivedAt - windowMs), sample].slice(-mostSamples);
  // A contradiction: a clock was set, or it is another server's. What was learnt is of the past.
  return toBounds(kept, receivedAt)[1] < 0 ? [sample] : kept;
}

/** The narrowest bounds that the samples allow at a time not before any of them. They are unbounded without samples, and of a negative half when the samples contradict each other. */
export function toBounds(samples: readonly ClockSample[], at: number): ClockBounds {
  return boundsBy(samples, at, ...learnSkew(samples, at));
}

/** The greatest lower and the least upper bound need not be of one exchange: the ways there and back are slow at different times. */
function boundsBy(samples: readonly ClockSample[], at: number, skew: number, doubt: number): ClockBounds {
  let lower = -Infinity;
  let upper = Infinity;
  for (const sample of samples) {
    const age = at - sample.at;
    lower = Math.max(lower, sample.lower + (skew - doubt) * age);
    upper = Math.min(upper, sample.upper + (skew + doubt) * age);
  }
  return [(lower + upper) / 2, (upper - lower) / 2, skew, doubt];
}

/**
 * The skew and its uncertainty. The lower bounds lie under the true line and the upper ones over it, so the slope of the widest gap between them is the likeliest
 * (the idea of Moon, Skelly and Towsley, INFOCOM 1999); over a short time all slopes leave much the same gap.
 */
function learnSkew(samples: readonly ClockSample[], at: number): [skew: number, doubt: number] {
  // Two crystals differ by less. A clock that is being slewed may leave the bounds, until an exchange contradicts the others.
  const mostSkew = 200e-6;
  // A learnt skew is of the last minutes: warmth changes it.
  const wander = 10e-6;
  // Skews at which the gap has lost no more than this share of the widest one are as good as each other.
  const lossShare = 0.2;
  const all = Array.from({ length: 201 }, (_, step) => boundsBy(samples, at, mostSkew * (step / 100 - 1), 0));
  const least = Math.max(...all.map(([, half]) => half)) * (1 - lossShare);
  // None, where even the widest is no gap: the skew itself has changed.
  const good = all.filter(([, half]) => half >= least).map(([, , skew]) => skew);
  const first = good[0] ?? -mostSkew;
  const last = good.at(-1) ?? mostSkew;
  return [(first + last) / 2, Math.min(mostSkew, (last - first) / 2 + wander)];
}
