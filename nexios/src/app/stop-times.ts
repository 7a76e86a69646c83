/** Clients come back within so much time after a stop, each at its own moment. */
export const returnWithinMs = 2_000;
/** So long may what was cut take to unwind. */
export const unwindMs = 200;

/** What is cut must still unwind before the deadline. */
export function toCutAfterMs(deadlineMs: number): number {
  return deadlineMs - Math.min(deadlineMs / 2, Math.max(unwindMs, deadlineMs / 10));
}
