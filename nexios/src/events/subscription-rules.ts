import type { SubscriptionOptions } from "./define-subscription.ts";

/** How a subscription goes about its work, all said. */
export type SubscriptionRules = Required<Omit<SubscriptionOptions<never>, "filter" | "from">> & {
  /** So long a lease lasts without a sign of life. */
  readonly leaseMs: number;
};

/** So long dead letters are kept of a subscription that says nothing else, or that no app adds any more. */
export const keepDeadLettersMs = 2_592_000_000;

const defaults: SubscriptionRules = {
  concurrency: 16,
  attempts: 12,
  giveUpMs: 86_400_000,
  retryMs: 1_000,
  longestRetryMs: 300_000,
  tryMs: 30_000,
  afterDeadLetter: "go on",
  keepDeadLettersMs,
  leaseMs: 30_000,
};

/** @throws TypeError for an option that is none, or out of its bounds. */
export function toSubscriptionRules(name: string, { filter: _filter, from: _from, ...options }: SubscriptionOptions<never>): SubscriptionRules {
  for (const [option, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, option) || option === "leaseMs") throw new TypeError(`The subscription ${name} has no option "${option}"`);
    const isGood = option === "afterDeadLetter" ? value === "go on" || value === "wait" : typeof value === "number" && value >= least(option);
    if (!isGood) throw new TypeError(`The option ${option} of the subscription ${name} can't be ${String(value)}`);
  }
  return { ...defaults, ...options };
}

function least(option: string): number {
  return option === "concurrency" || option === "attempts" ? 1 : 0;
}
