import type { Cancel, Clock } from "../world/clock.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

const meanSkew = 50e-6;
const mostWander = 3e-6;
const wanderStep = 0.5e-6;
const wanderEveryMs = 10_000;
/** A browser shows its monotonic clock no finer. */
const grainMs = 0.1;

/** The clocks of a machine whose crystal is not right, that is put to sleep, and whose wall clock is set. In sleep its monotonic clock stands still, and nothing fires. */
export class ClockMachine implements Clock {
  readonly #scheduler: Scheduler;
  #wallAhead: number;
  #monotonic = 0;
  #since = 0;
  #skew = meanSkew;
  #wakesAt = 0;

  constructor(scheduler: Scheduler, random: Random, wallAhead: number) {
    this.#scheduler = scheduler;
    this.#wallAhead = wallAhead;
    const wander = (): void => {
      this.#settle();
      const skew = this.#skew + (2 * random.next() - 1) * wanderStep;
      this.#skew = Math.max(meanSkew - mostWander, Math.min(meanSkew + mostWander, skew));
      scheduler.after(wanderEveryMs, wander);
    };
    wander();
  }

  get isAsleep(): boolean {
    return this.#scheduler.now < this.#wakesAt;
  }

  now(): number {
    return Math.floor(this.#scheduler.now + this.#wallAhead);
  }

  monotonic(): number {
    this.#settle();
    return Math.floor(this.#monotonic / grainMs) * grainMs;
  }

  after(delayMs: number, fire: () => void): Cancel {
    this.#settle();
    const due = this.#monotonic + delayMs;
    let cancel = this.#scheduler.after(delayMs, check);
    const settle = (): number => {
      this.#settle();
      return due - this.#monotonic;
    };
    const again = (left: number): void => {
      cancel = this.#scheduler.at(Math.max(this.#scheduler.now, this.#wakesAt) + left, check);
    };
    function check(): void {
      const left = settle();
      if (left > grainMs) again(left);
      else fire();
    }
    return () => cancel();
  }

  afterTurn(fire: () => void): void {
    this.#scheduler.afterTurn(fire);
  }

  /** What comes from outside waits for the machine to wake. */
  receiveAt(moment: number, receive: () => void): void {
    this.#scheduler.at(Math.max(moment, this.#wakesAt), () => {
      if (this.isAsleep) this.receiveAt(moment, receive);
      else receive();
    });
  }

  sleep(ms: number): void {
    this.#settle();
    this.#wakesAt = this.#scheduler.now + ms;
  }

  /** Sets the wall clock by so much. */
  step(ms: number): void {
    this.#wallAhead += ms;
  }

  #settle(): void {
    const { now } = this.#scheduler;
    const awake = now - Math.max(this.#since, Math.min(now, this.#wakesAt));
    this.#monotonic += awake * (1 + this.#skew);
    this.#since = now;
  }
}
