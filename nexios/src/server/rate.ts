import type { Rate } from "./limits.ts";

/**
 * The generic cell rate algorithm (ITU-T I.371, virtual scheduling): one number a bucket. `due` is when the bucket would be full again, on a monotonic clock.
 */
export interface RateState {
  due: number;
}

/** Takes one from the bucket at `nowMs`. Returns 0 when there was one, else the milliseconds until there is; then nothing was taken. */
export function takeOne(state: RateState, rate: Rate, nowMs: number): number {
  if (rate.perSecond === Infinity) return 0;
  const intervalMs = 1000 / rate.perSecond;
  const due = Math.max(state.due, nowMs);
  const wait = due + intervalMs - nowMs - rate.burst * intervalMs;
  // A sum of many intervals is off by rounding: less than a microsecond is no wait.
  if (wait > 1e-3) return wait;
  state.due = due + intervalMs;
  return 0;
}

/** True when the bucket says no more than a new one would: it can be forgotten. */
export function isFull(state: RateState, nowMs: number): boolean {
  return state.due <= nowMs;
}
