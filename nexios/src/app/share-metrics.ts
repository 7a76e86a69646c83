import { randomBytes } from "node:crypto";
import type { Broker } from "../broker/broker.ts";
import { MetricsExchange, type MetricsExchangeOptions } from "../metrics/exchange.ts";
import { type Clock, systemClock } from "../world/clock.ts";
import type { NexiosApp } from "./app.ts";

/** How the processes of an app tell each other what they count. */
export interface ShareMetricsOptions extends Pick<MetricsExchangeOptions, "everyMs" | "mostProcesses"> {
  /** What reaches the other processes: that of the app. */
  readonly broker: Broker;
  readonly clock?: Clock;
}

/**
 * Tells the other processes what this one counts, while the app runs, and hears what they do; each of them must call it. `merged()` of what it gives is the whole.
 * @throws TypeError for a time or a number that is none
 */
export function shareMetrics(
  app: Pick<NexiosApp, "metrics" | "onStart" | "onDrained">,
  { clock = systemClock, ...options }: ShareMetricsOptions,
): Pick<MetricsExchange, "merged" | "processes"> {
  const exchange = new MetricsExchange({ ...options, clock, processId: randomBytes(9).toString("base64url"), read: () => app.metrics.read() });
  app.onStart(() => exchange.start());
  app.onDrained(() => exchange.stop());
  return exchange;
}
