import type { Log, Millis } from "../log/log.ts";

/** When a call arrived. */
export interface Received {
  /** In the store's time. */
  readonly receivedAt: Millis;
  /** How far that may be wrong, where it is more than rooms may judge by; 0 else. */
  readonly unsureMs: number;
}

/** A call has arrived at this moment. */
export function toReceived(log: Log, timeBoundMs: number): Received {
  const boundMs = log.timeBoundMs();
  return { receivedAt: log.now(), unsureMs: boundMs > timeBoundMs ? boundMs : 0 };
}
