import type { Limits } from "./limits.ts";

/** What is remembered of a connection's life, all in milliseconds of the monotonic clock. */
export interface Pulse {
  /** The last whole frame from the peer. */
  lifeAt: number;
  /** When the ping went out that nothing has answered. */
  pingedAt: number | undefined;
  takenBytes: number;
  takenAt: number;
  /** Received bytes that belong to whole frames, and since when there are others. */
  framedBytes: number;
  partialSince: number | undefined;
}

/** What a look at the transport shows. */
export interface Vitals {
  readonly unsentBytes: number;
  readonly takenBytes: number;
  readonly receivedBytes: number;
  /** The peer is not read from, or not written to: its silence means nothing. */
  readonly held: boolean;
}

export type Verdict = "fine" | "ping" | "no-pong" | "stalled" | "slow-message";

export function newPulse(now: number, receivedBytes: number): Pulse {
  return { lifeAt: now, pingedAt: undefined, takenBytes: 0, takenAt: now, framedBytes: receivedBytes, partialSince: undefined };
}

/** Looks at one connection, and notes what it saw. Any whole frame counts as life; a ping behind unsent bytes can't be answered, so that the socket's progress is judged instead. */
export function examine(pulse: Pulse, vitals: Vitals, now: number, limits: Limits): Verdict {
  if (vitals.unsentBytes === 0 || vitals.takenBytes > pulse.takenBytes) pulse.takenAt = now;
  pulse.takenBytes = vitals.takenBytes;
  if (now - pulse.takenAt >= limits.stalledMs) return "stalled";

  if (vitals.held) {
    pulse.lifeAt = now;
    pulse.pingedAt = undefined;
    return "fine";
  }
  if (vitals.receivedBytes <= pulse.framedBytes) pulse.partialSince = undefined;
  else if (pulse.partialSince === undefined) pulse.partialSince = now;
  else if (now - pulse.partialSince >= limits.messageMs) return "slow-message";

  if (pulse.pingedAt !== undefined && pulse.lifeAt >= pulse.pingedAt) pulse.pingedAt = undefined;
  if (pulse.pingedAt !== undefined) return now - pulse.pingedAt >= limits.pongMs ? "no-pong" : "fine";
  if (now - pulse.lifeAt < limits.pingMs) return "fine";
  pulse.pingedAt = now;
  return "ping";
}

/** The process itself stood still for `lateMs`: nobody else is to blame for that time. */
export function forgive(pulse: Pulse, lateMs: number): void {
  pulse.lifeAt += lateMs;
  pulse.takenAt += lateMs;
  if (pulse.pingedAt !== undefined) pulse.pingedAt += lateMs;
  if (pulse.partialSince !== undefined) pulse.partialSince += lateMs;
}
