import type { Cancel, Clock } from "../world/clock.ts";
import type { Gate } from "./gate.ts";
import type { Scheduler } from "./scheduler.ts";

/** Where a process's clock stands. */
export interface VirtualClockOptions {
  /** What a right clock showed at the scheduler's start: milliseconds since 1970. */
  readonly startAt: number;
  /** So much is this one ahead. */
  readonly skewMs: number;
}

/** The time and the event loop of one simulated process: all that fires in it passes through here. */
export class VirtualClock implements Clock, Gate {
  readonly #scheduler: Scheduler;
  readonly #startedAt: number;
  #wallOffset: number;
  #isStopped = false;
  #stalledUntil = 0;
  /** What waits for the loop, in order. */
  readonly #held: (() => void)[] = [];

  constructor(scheduler: Scheduler, { startAt, skewMs }: VirtualClockOptions) {
    this.#scheduler = scheduler;
    this.#startedAt = scheduler.now;
    this.#wallOffset = startAt + skewMs;
  }

  now(): number {
    return Math.floor(this.#wallOffset + this.#scheduler.now);
  }

  monotonic(): number {
    return this.#scheduler.now - this.#startedAt;
  }

  after(delayMs: number, fire: () => void): Cancel {
    let isCancelled = false;
    const run = (): void => {
      if (!isCancelled) fire();
    };
    const cancel = this.#scheduler.after(delayMs, () => this.enter(run));
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  afterTurn(fire: () => void): void {
    this.#scheduler.afterTurn(() => this.enter(fire));
  }

  enter(fire: () => void): void {
    if (this.#isStopped) return;
    if (this.#held.length === 0 && this.#scheduler.now >= this.#stalledUntil) return fire();
    this.#held.push(fire);
    if (this.#held.length === 1) this.#scheduler.at(this.#stalledUntil, () => this.#release());
  }

  /** The wall clock jumps, as by an operator or NTP; timers do not. False when the process is dead, or for 0. */
  step(ms: number): boolean {
    if (this.#isStopped || ms === 0) return false;
    this.#wallOffset += ms;
    return true;
  }

  /** The process is killed: nothing of it fires any more, ever. False when it was. */
  stop(): boolean {
    if (this.#isStopped) return false;
    this.#isStopped = true;
    return true;
  }

  /** The loop is blocked for so long: what falls due meanwhile fires after it, late and in order. False when that changes nothing. */
  stall(ms: number): boolean {
    const until = this.#scheduler.now + ms;
    if (this.#isStopped || until <= this.#stalledUntil || ms <= 0) return false;
    this.#stalledUntil = until;
    return true;
  }

  #release(): void {
    if (this.#isStopped) return;
    if (this.#scheduler.now < this.#stalledUntil) {
      this.#scheduler.at(this.#stalledUntil, () => this.#release());
      return;
    }
    const fire = this.#held.shift();
    // Behind the jobs of this one, and before what comes meanwhile: that finds the queue, or an idle loop.
    if (this.#held.length > 0) this.#scheduler.afterTurn(() => this.#release());
    fire?.();
  }
}
