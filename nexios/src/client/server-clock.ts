import type { Clock } from "../world/clock.ts";
import { type ClockBounds, type ClockSample, toBounds, withExchange } from "./clock-bounds.ts";

/** The server's time as the client estimates it: it never goes back unless it was off by more than a second, and says how far it may be off. */
export interface ServerClock {
  /** False before the first exchange and after `forget()`, until the next one. */
  readonly isSynced: boolean;
  /** Takes an answer: when the ping left and the answer came, by the monotonic clock, and the server's time when it read the ping. A ping from before `forget()` proves nothing. */
  take(sentAt: number, receivedAt: number, serverNow: number): void;
  /** The server's time in milliseconds since 1970; the wall clock's before the first exchange. */
  now(): number;
  /** `now()` is at most so many milliseconds off; Infinity while it is not synced. */
  bound(): number;
  /** Trusts no exchange so far: a clock was set, or the machine has slept. The shown time runs on until the next exchange. */
  forget(): void;
}

/** The shown clock runs at most so much faster or slower than time. */
const mostSlew = 0.05;
const jumpMs = 1_000;

export function createServerClock(clock: Pick<Clock, "now" | "monotonic">): ServerClock {
  let samples: readonly ClockSample[] = [];
  let bounds: ClockBounds | undefined;
  let isSynced = false;
  let forgottenAt = -Infinity;
  /** How far the shown time is ahead of the monotonic clock, and when that was so. */
  let shown = 0;
  let shownAt = 0;

  function now(): number {
    if (bounds === undefined) return clock.now();
    const at = clock.monotonic();
    const most = mostSlew * (at - shownAt);
    shown += Math.max(-most, Math.min(most, middleAt(bounds, at) - shown));
    shownAt = at;
    return at + shown;
  }

  return {
    get isSynced() {
      return isSynced;
    },
    take(sentAt, receivedAt, serverNow) {
      // The machine may have slept in between.
      if (sentAt < forgottenAt) return;
      samples = withExchange(samples, sentAt, receivedAt, serverNow);
      const isFirst = bounds === undefined;
      bounds = toBounds(samples, receivedAt);
      isSynced = true;
      if (isFirst) shownAt = receivedAt;
      if (isFirst || Math.abs(bounds.middle - shown) > jumpMs) shown = bounds.middle;
    },
    now,
    bound() {
      if (bounds === undefined || !isSynced) return Infinity;
      now();
      return bounds.half + bounds.doubt * (shownAt - bounds.at) + Math.abs(middleAt(bounds, shownAt) - shown);
    },
    forget() {
      forgottenAt = clock.monotonic();
      samples = [];
      isSynced = false;
    },
  };
}

function middleAt({ middle, skew, at: then }: ClockBounds, at: number): number {
  return middle + skew * (at - then);
}
