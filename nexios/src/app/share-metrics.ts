import { randomBytes } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import { MetricsExchange, type MetricsExchangeOptions } from "../metrics/exchange.ts";
import { type Clock, systemClock } from "../world/clock.ts";
import type { NexiosApp } from "./app.ts";

/** How the processes of an app tell each other what they count. */
export interface ShareMetricsOptions extends Pick<MetricsExchangeOptions, "everyMs" | "mostProcesses"> {
  /** What reaches the other processes: the app's own unless given. */
  readonly broker?: Broker;
  readonly clock?: Clock;
}

/** What all processes of an app count, and which of them there are. */
export type SharedMetrics = Pick<MetricsExchange, "merged" | "processes" | "isFirst">;

type SharingApp = Pick<NexiosApp, "metrics" | "onStart" | "onDrained" | "broker">;

/** Of an app without a broker of its own for it: who asks again gets the same, since two would count twice. */
const known = new WeakMap<SharingApp, SharedMetrics>();

/**
 * Tells the other processes what this one counts, while the app runs, and hears what they do; each of them must call it. `merged()` of what it gives is the whole, and
 * `isFirst()` says whether this process does what one of them does for all. An app that is alone tells nobody, and is the first. Without a broker of its own it can be called
 * again, and gives the same.
 * @throws TypeError for a time or a number that is none
 */
export function shareMetrics(app: SharingApp, { broker = app.broker, clock = systemClock, ...options }: ShareMetricsOptions = {}): SharedMetrics {
  const before = broker === app.broker ? known.get(app) : undefined;
  if (before !== undefined) return before;
  const shared = broker === undefined ? toAlone(app) : exchange(app, { ...options, broker, clock });
  if (broker === app.broker) known.set(app, shared);
  return shared;
}

function exchange(app: SharingApp, options: Omit<MetricsExchangeOptions, "processId" | "read">): SharedMetrics {
  const sharing = new MetricsExchange({ ...options, processId: randomBytes(9).toString("base64url"), read: () => app.metrics.read() });
  app.onStart(() => sharing.start());
  app.onDrained(() => sharing.stop());
  return sharing;
}

function toAlone({ metrics }: SharingApp): SharedMetrics {
  return { merged: () => metrics.read(), processes: () => [], isFirst: () => true };
}
