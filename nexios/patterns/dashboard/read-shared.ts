import type { Clock } from "nexios";
import type { Metrics, MetricsExchange } from "nexios/metrics";
import type { Measured } from "./meter.ts";

/** What all processes of an app count together. */
export type Shared = Pick<MetricsExchange, "merged" | "processes"> & Partial<Pick<MetricsExchange, "isFirst">>;

/** For so long a process that has fallen silent is counted among those that are missed. */
const missedMs = 300_000;

/** Reads the whole, with how many processes there are: as the process sees it that is asked. */
export function readShared(metrics: Metrics, shared: Shared, clock: Pick<Clock, "now">): () => Measured {
  const gauge = metrics.gauge("nexios_processes", {
    merge: "max",
    help: "Processes that live, and those that have fallen silent or ended in the last five minutes",
  });
  const [live, stale] = [gauge.with({ state: "live" }), gauge.with({ state: "stale" })];
  let known: ReadonlySet<string> = new Set();
  /** When each was last seen to live. */
  let livedAt: ReadonlyMap<string, number> = new Map();
  return () => {
    const now = clock.now();
    const others = shared.processes();
    const silent = others.filter(({ isStale }) => isStale);
    livedAt = new Map(others.map(({ processId, isStale }) => [processId, isStale ? (livedAt.get(processId) ?? now) : now]));
    live.set(others.length - silent.length + 1);
    stale.set(silent.filter(({ processId }) => now - (livedAt.get(processId) ?? now) < missedMs).length);
    const ids = new Set(livedAt.keys());
    const hasNewcomers = !ids.isSubsetOf(known);
    known = ids;
    return { reading: shared.merged(), hasNewcomers };
  };
}
