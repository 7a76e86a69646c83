import type { Millis } from "../log/log.ts";
import type { Reading } from "../log/reading.ts";
import type { SubscriptionOptions } from "./define-subscription.ts";

/** When an entry that has failed is tried again, and when it is given up. */
export type RetryRules = Required<Pick<SubscriptionOptions<never>, "attempts" | "giveUpMs" | "retryMs" | "longestRetryMs">>;

/**
 * When the next try is, after one that has failed; `undefined`: it is given up. The wait is a random part of one that doubles ("full jitter": M. Brooker, Exponential
 * Backoff And Jitter, AWS 2015), so that many that fail together do not come again together. Pure.
 */
export function nextTry({ attempts, firstAt }: Reading, now: Millis, random: number, rules: RetryRules): Millis | undefined {
  if (isGivenUp({ attempts: attempts + 1, firstAt }, now, rules)) return undefined;
  return now + Math.floor(random * Math.min(rules.longestRetryMs, rules.retryMs * 2 ** attempts));
}

/** Whether there is no further try after so many that have failed. Pure. */
export function isGivenUp(
  { attempts, firstAt }: Pick<Reading, "attempts" | "firstAt">,
  now: Millis,
  { attempts: most, giveUpMs }: Pick<RetryRules, "attempts" | "giveUpMs">,
): boolean {
  return attempts >= most || now - (firstAt ?? now) >= giveUpMs;
}
