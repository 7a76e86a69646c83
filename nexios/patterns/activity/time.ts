import type { ActivityLimits } from "./limits.ts";

/** A batch's moments: when it was sent by the clock of who sent it, and when it came by ours. */
export interface BatchTimes {
  readonly sentAt: number | undefined;
  readonly receivedAt: number;
}

/** When an event was by the server's clock: what the sender's clock is off, as `sentAt` tells it, is taken away, and what is out of bounds counts as at the bound. */
export function toServerTime(
  at: number | undefined,
  { sentAt, receivedAt }: BatchTimes,
  { lateMs, aheadMs }: Pick<ActivityLimits, "lateMs" | "aheadMs">,
): number {
  const corrected = at === undefined ? receivedAt : at + (sentAt === undefined ? 0 : receivedAt - sentAt);
  return Math.max(0, receivedAt - lateMs, Math.min(receivedAt + aheadMs, corrected));
}

/** The beginning of the step of time in which a moment lies. */
export function startOf(at: number, stepMs: number): number {
  return Math.floor(at / stepMs) * stepMs;
}
