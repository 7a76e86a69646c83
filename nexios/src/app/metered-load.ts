import { performance } from "node:perf_hooks";
import type { Metrics } from "../metrics/registry.ts";
import type { Load } from "../server/admission.ts";

/** Keeps what a look at the load has found as metrics of the app: the event loop is measured once, for both. */
export function meterLoad(load: Load, metrics: Metrics): Load {
  const delay = metrics.histogram("nexios_loop_delay", { unit: "seconds", help: "How late the event loop is: the 99th percentile of each half second" });
  const busy = metrics.gauge("nexios_loop_utilization", {
    unit: "ratio",
    help: "The part of the last half second in which the event loop had something to do",
  });
  let before = performance.eventLoopUtilization();
  return {
    loopDelayMs() {
      const delayMs = load.loopDelayMs();
      if (Number.isFinite(delayMs)) delay.record(delayMs / 1_000);
      const now = performance.eventLoopUtilization();
      busy.set(performance.eventLoopUtilization(now, before).utilization);
      before = now;
      return delayMs;
    },
    heapFraction: () => load.heapFraction(),
    close: () => load.close(),
  };
}
