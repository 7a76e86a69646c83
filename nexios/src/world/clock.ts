/** Stops what it was returned for; a second call does nothing. */
export type Cancel = () => void;

/**
 * Time, as the framework sees it. Everything that waits or asks for the time takes a clock, so that a test or a simulation moves it by hand.
 */
export interface Clock {
  /** Milliseconds since 1970, as the wall clock has it: it may jump. */
  now(): number;
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number;
  /** Runs `fire` once, `delayMs` from now. */
  after(delayMs: number, fire: () => void): Cancel;
  /** Runs `fire` when all that is ready in this turn of the event loop has been handled. */
  afterTurn(fire: () => void): void;
}

/** The longest delay that a Node timer takes; a longer one would fire at once. */
const longestDelayMs = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, fire) {
    let timer = setTimeout(wait, Math.min(delayMs, longestDelayMs), delayMs);
    function wait(plannedMs: number): void {
      const leftMs = plannedMs - longestDelayMs;
      if (leftMs <= 0) return fire();
      timer = setTimeout(wait, Math.min(leftMs, longestDelayMs), leftMs);
    }
    return () => clearTimeout(timer);
  },
  afterTurn(fire) {
    setImmediate(fire);
  },
};

/** Runs `fire` each `everyMs` until it is cancelled. A late turn delays the next one; runs never pile up. */
export function repeat(clock: Clock, everyMs: number, fire: () => void): Cancel {
  let cancel = clock.after(everyMs, again);
  let cancelled = false;
  function again(): void {
    fire();
    if (!cancelled) cancel = clock.after(everyMs, again);
  }
  return () => {
    cancelled = true;
    cancel();
  };
}

/** True when it ended in time. */
export async function endsWithin(clock: Clock, ms: number, ending: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const cancel = clock.after(ms, () => late.resolve(false));
  const inTime = await Promise.race([ending.then(() => true), late.promise]);
  cancel();
  return inTime;
}
