import type { Cancel, Clock } from "../world/clock.ts";

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** A clock that a test moves. Turns of the event loop stay real, so that sockets work. */
export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now: number;
  #monotonic = 0;

  /** `startAt`: the first time of day, in milliseconds since 1970. */
  constructor(startAt = Date.UTC(2030, 0, 1)) {
    this.#now = startAt;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delayMs: number, fire: () => void): Cancel {
    const timer: Timer = { at: this.#monotonic + delayMs, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  afterTurn(fire: () => void): void {
    setImmediate(fire);
  }

  /** Sets the wall clock alone, as an operator or NTP does. */
  setTime(now: number): void {
    this.#now = now;
  }

  /** Lets time pass: what falls due fires in order, each at its own time, with the turns that it needs in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    for (;;) {
      const next = [...this.#timers].filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at)[0];
      this.#move((next?.at ?? end) - this.#monotonic);
      if (next === undefined) return turn();
      this.#timers.delete(next);
      next.fire();
      await turn();
    }
  }

  #move(ms: number): void {
    const forward = Math.max(0, ms);
    this.#monotonic += forward;
    this.#now += forward;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
