import type { MetricsReading } from "../metrics/reading.ts";
import { systemClock } from "../world/clock.ts";
import { type OtlpOptions, toOtlpRules } from "./options.ts";
import { OtlpPush } from "./otlp-push.ts";

/** What is needed of an app. */
interface Measured {
  readonly metrics: { read(): MetricsReading };
  onStart(hook: () => void): unknown;
  onDrained(hook: () => Promise<void>): unknown;
}

/**
 * Pushes an app's metrics by OTLP over HTTP while it runs, as JSON: counters as sums, histograms as exponential ones. A last request goes out when it stops.
 * `push()` sends at once. @throws TypeError for options that are wrong
 */
export function pushMetrics(app: Measured, options: OtlpOptions): Pick<OtlpPush, "push"> {
  const { clock = systemClock, random = Math.random } = options;
  const push = new OtlpPush(toOtlpRules(options), { read: () => app.metrics.read(), clock, random });
  app.onStart(() => push.start());
  app.onDrained(() => push.stop());
  return push;
}
