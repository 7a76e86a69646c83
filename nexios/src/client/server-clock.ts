import type { Clock } from "../world/clock.ts";
import { type ClockSample, toBounds, withExchange } from "./clock-bounds.ts";

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

export function createServerClock(clock: Pick<Clock, "now" | "monotonic">): ServerClock {
  /** The shown clock runs at most so much faster or slower than time. */
  const mostSlew = 0.05;
  const jumpMs = 1_000;
  let samples: readonly ClockSample[] = [];
  let forgottenAt = -Infinity;
  /** What the samples proved last, and when. Nothing is known before the first. */
  let [middle, half, skew, doubt] = toBounds(samples, 0);
  let provenAt = -1;
  /** How far the shown time is ahead of the monotonic clock, and when that was so. */
  let shown = NaN;
  let shownAt = 0;

  /** How far the shown time is behind what is proven. */
  function lag(): number {
    return middle + skew * (shownAt - provenAt) - shown;
  }

  function now(): number {
    if (provenAt < 0) return clock.now();
    const most = mostSlew * (clock.monotonic() - shownAt);
    shownAt = clock.monotonic();
    shown += Math.max(-most, Math.min(most, lag()));
    return shownAt + shown;
  }

  const server = {
    isSynced: false,
    take(sentAt: number, receivedAt: number, serverNow: number) {
      // The machine may have slept in between.
      if (sentAt < forgottenAt) return;
      samples = withExchange(samples, sentAt, receivedAt, serverNow);
      server.isSynced = true;
      [middle, half, skew, doubt] = toBounds(samples, receivedAt);
      provenAt = receivedAt;
      // Never before the first.
      if (Math.abs(middle - shown) <= jumpMs) return;
      shown = middle;
      shownAt = receivedAt;
    },
    now,
    bound() {
      if (!server.isSynced) return Infinity;
      now();
      return half + doubt * (shownAt - provenAt) + Math.abs(lag());
    },
    forget() {
      forgottenAt = clock.monotonic();
      samples = [];
      server.isSynced = false;
    },
  };
  return server;
}
