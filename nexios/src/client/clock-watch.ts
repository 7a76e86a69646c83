import type { Cancel, Clock } from "../world/clock.ts";
import { createTimer } from "./timer.ts";

/** Calls `onJump` within a second when the wall clock was set, the machine has slept or the page was frozen, until it is cancelled. */
export function watchClocks(clock: Clock, onJump: () => void): Cancel {
  const checkMs = 1_000;
  // More than NTP slews and a busy page delays in a second.
  const jumpMs = 100;
  const lateMs = 3_000;
  const timer = createTimer(clock);
  let ranAt = clock.monotonic();
  let ahead = clock.now() - ranAt;
  function check(): void {
    const at = clock.monotonic();
    const aheadNow = clock.now() - at;
    const hasJumped = Math.abs(aheadNow - ahead) > jumpMs || at - ranAt > checkMs + lateMs;
    ranAt = at;
    ahead = aheadNow;
    timer.set(checkMs, check);
    if (hasJumped) onJump();
  }
  timer.set(checkMs, check);
  return timer.stop;
}

/** When to ask for the server's time: 8 times within 2 s at the start of a plan, then each `restMs`. */
export interface PingPlan {
  /** Begins anew, with the first ping at once: the connection has opened, or the machine woke. */
  readonly start: () => void;
  /** No more pings until the next start. */
  readonly stop: () => void;
}

export function createPingPlan(clock: Clock, restMs: number, ping: () => void): PingPlan {
  const burstPings = 8;
  const burstGapMs = 250;
  const timer = createTimer(clock);
  function run(count: number): void {
    // Before the ping, which may stop the plan.
    timer.set(count < burstPings ? burstGapMs : restMs, () => run(count + 1));
    ping();
  }
  return { start: () => run(1), stop: timer.stop };
}
