const firstMs = 500;
const longestMs = 20_000;

/**
 * How long to wait before try number `attempt` (0 is the first again), with full jitter: after a restart of the
 * server, its visitors come back spread over the whole span and not as one herd.
 * @param random a number from 0 up to 1
 */
export function retryDelayMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30)));
}
