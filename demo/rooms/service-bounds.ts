/** From where on somebody is told of what the server does: alerts watch these bounds, and charts draw them. */
export const serviceBounds = {
  /** Of the answers of a minute: the share that failed. */
  failedShare: 0.05,
  /** Of requests: what 95 of 100 take at most. */
  requestSeconds: 0.25,
  /** How late the event loop is. */
  loopDelaySeconds: 0.1,
  /** Entries that wait for a subscription. */
  lagEntries: 1_000,
} as const;

/** The rules that watch them, by name, in the order in which pages list them. */
export const watchedRules = ["failed-requests", "slow-requests", "late-loop", "lagging-subscription", "failing-probe"] as const;
