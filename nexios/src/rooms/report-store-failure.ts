import type { Log } from "../log/log.ts";
import type { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { report } from "../world/report.ts";

const everyMs = 1_000;
/** When a failure of a log was last told, by the monotonic clock. */
const toldAt = new WeakMap<Log, number>();

/**
 * Tells the operator why a log has written nothing: members learn only that it did not. A log tells one a second, since what ails a store ails all its rooms. What has no cause, as a
 * log that is closed, and what is an answer to one room alone, as that its log is full, is not told.
 */
export function reportStoreFailure({ log, clock }: { readonly log: Log; readonly clock: Clock }, room: string, error: NexiosError): void {
  if (error.code !== "DAMAGED" && (error.code !== "UNAVAILABLE" || error.cause === undefined)) return;
  const now = clock.monotonic();
  if (now - (toldAt.get(log) ?? -Infinity) < everyMs) return;
  toldAt.set(log, now);
  report("error", { where: `appending to ${room}`, error });
}
