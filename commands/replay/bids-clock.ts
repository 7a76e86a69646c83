import type { Cancel, Clock } from "nexios";

/** How time passes for whoever plays records. */
export interface Pace {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves when it is that time, or later. */
  reach(moment: number): Promise<void>;
  /** Waits for what others do. @throws Error if it takes for ever */
  waitFor<Value>(promise: Promise<Value>): Promise<Value>;
}

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** What takes longer in real time will not come. */
const patienceMs = 60_000;
/** After so long in real time, time passes here too: what somebody tries again after a while, is tried. */
const stillMs = 100;

/**
 * A clock that goes from one moment to another at once. What was planned in between runs in its order, each at its own time; what that plans anew for before the end runs at
 * the end, once, as on a machine that has slept: days pass, and nobody looks for each second of them whether there is something to do.
 */
export class HopClock implements Clock, Pace {
  readonly #timers = new Set<Timer>();
  #now: number;
  #monotonic = 0;

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, fire: () => void): Cancel {
    // Its time has come already, and perhaps no other will.
    if (!(delayMs > 0)) {
      const immediate = setImmediate(fire);
      return () => clearImmediate(immediate);
    }
    const timer: Timer = { at: this.#monotonic + delayMs, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  afterTurn(fire: () => void): void {
    setImmediate(fire);
  }

  async reach(moment: number): Promise<void> {
    const end = this.#monotonic + Math.max(0, moment - this.#now);
    await this.#run(this.#dueAt(end));
    this.#move(end);
    await this.#run(this.#dueAt(end));
  }

  async waitFor<Value>(promise: Promise<Value>): Promise<Value> {
    const startedAt = performance.now();
    while (!(await isSettledWithin(promise, stillMs))) {
      if (performance.now() - startedAt > patienceMs) throw new Error(`Nothing came for ${patienceMs / 1_000} s`);
      await this.reach(this.#now + stillMs);
    }
    return promise;
  }

  #dueAt(end: number): readonly Timer[] {
    return [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
  }

  async #run(timers: readonly Timer[]): Promise<void> {
    for (const timer of timers) {
      // Another may have cancelled it.
      if (!this.#timers.delete(timer)) continue;
      this.#move(timer.at);
      timer.fire();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Both together: a wall clock that moves alone is taken for one that was set. */
  #move(monotonic: number): void {
    const ms = Math.max(0, monotonic - this.#monotonic);
    this.#monotonic += ms;
    this.#now += ms;
  }
}

/** Time as it passes. */
export const realPace: Pace = {
  now: () => Date.now(),
  async reach(moment) {
    for (let leftMs = moment - Date.now(); leftMs > 0; leftMs = moment - Date.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, longestTimerMs)));
    }
  },
  async waitFor(promise) {
    if (!(await isSettledWithin(promise, patienceMs))) throw new Error(`Nothing came for ${patienceMs / 1_000} s`);
    return promise;
  },
};

/** The longest delay that a timer takes. */
const longestTimerMs = 2 ** 31 - 1;

async function isSettledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
