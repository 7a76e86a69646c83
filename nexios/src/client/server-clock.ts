import type { Clock } from "../world/clock.ts";
import { toBounds, withExchange, type ClockBounds, type ClockSample } from "./clock-bounds.ts";

/** What a server clock is made of. */
export interface ServerClockOptions {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  /** The shown time has jumped by so many milliseconds (negative: back), because it was off by more than a second. */
  readonly onJump?: (byMs: number) => void;
}

/** The shown clock runs at most so much faster or slower than time. */
const mostSlew = 0.05;
const jumpMs = 1_000;

/** The server's time as the client estimates it: it never goes back unless it was off by more than a second, and says how far it may be off. */
export class ServerClock {
  readonly #options: ServerClockOptions;
  #samples: readonly ClockSample[] = [];
  #bounds: ClockBounds | undefined;
  #isSynced = false;
  #forgottenAt = -Infinity;
  /** How far the shown time is ahead of the monotonic clock, and when that was so. */
  #shown = 0;
  #shownAt = 0;

  constructor(options: ServerClockOptions) {
    this.#options = options;
  }

  /** False before the first exchange and after `forget()`, until the next one. */
  get isSynced(): boolean {
    return this.#isSynced;
  }

  /** Takes an answer: when the ping left and the answer came, by the monotonic clock, and the server's time when it read the ping. A ping from before `forget()` proves nothing. */
  take(sentAt: number, receivedAt: number, now: number): void {
    // The machine may have slept in between.
    if (sentAt < this.#forgottenAt) return;
    this.#samples = withExchange(this.#samples, sentAt, receivedAt, now);
    const isFirst = this.#bounds === undefined;
    this.#bounds = toBounds(this.#samples, receivedAt);
    this.#isSynced = true;
    if (isFirst) [this.#shown, this.#shownAt] = [this.#bounds.middle, receivedAt];
    const ahead = this.#bounds.middle - this.#shown;
    if (Math.abs(ahead) <= jumpMs) return;
    this.#shown += ahead;
    this.#options.onJump?.(ahead);
  }

  /** The server's time in milliseconds since 1970; the wall clock's before the first exchange. */
  now(): number {
    const bounds = this.#bounds;
    if (bounds === undefined) return this.#options.clock.now();
    const at = this.#options.clock.monotonic();
    const most = mostSlew * (at - this.#shownAt);
    this.#shown += Math.max(-most, Math.min(most, middleAt(bounds, at) - this.#shown));
    this.#shownAt = at;
    return at + this.#shown;
  }

  /** `now()` is at most so many milliseconds off; Infinity while it is not synced. */
  bound(): number {
    const bounds = this.#bounds;
    if (bounds === undefined || !this.#isSynced) return Infinity;
    this.now();
    const at = this.#shownAt;
    return bounds.half + bounds.doubt * (at - bounds.at) + Math.abs(middleAt(bounds, at) - this.#shown);
  }

  /** Trusts no exchange so far: a clock was set, or the machine has slept. The shown time runs on until the next exchange. */
  forget(): void {
    this.#forgottenAt = this.#options.clock.monotonic();
    this.#samples = [];
    this.#isSynced = false;
  }
}

function middleAt(bounds: ClockBounds, at: number): number {
  return bounds.middle + bounds.skew * (at - bounds.at);
}
