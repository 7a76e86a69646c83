/** Clients come back within so much time after a stop, each at its own moment. */
export const returnWithinMs = 2_000;
/** So long may what was cut take to unwind. */
export const unwindMs = 200;

/** What is cut must still unwind before the deadline. */
export function toCutAfterMs(deadlineMs: number): number {
  return deadlineMs - Math.min(deadlineMs / 2, Math.max(unwindMs, deadlineMs / 10));
}

/** How long clients are sent elsewhere, and when the whole must be over. */
export function toDrainTimes(
  given: { readonly drainMs?: number; readonly deadlineMs?: number },
  isAlone: boolean,
): { readonly drainMs: number; readonly deadlineMs: number } {
  const { deadlineMs = given.drainMs === undefined && isAlone ? 5_000 : Math.max(10_000, (given.drainMs ?? 0) + 2_000) } = given;
  return { deadlineMs, drainMs: given.drainMs ?? (isAlone ? 0 : Math.min(8_000, deadlineMs * 0.8)) };
}
