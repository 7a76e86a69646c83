import { difference, estimate, type HistogramReading, type MetricsReading, percentile } from "nexios/metrics";
import { alertKey } from "./labels.ts";
import type { Moment } from "./rule.ts";
import type { MetricValue } from "./watch.ts";

/** How a registry becomes values. */
export interface ReadMetricsOptions {
  /** Percentiles are those of what was recorded in so long. 5 minutes unless given. */
  readonly overMs?: number;
  /** Which, from 0 to 1. 0.5, 0.95 and 0.99 unless given. */
  readonly shares?: readonly number[];
}

/**
 * What `read` of `addAlerts` takes, from a registry, `read: readMetrics(app.metrics)`, or from what all processes count, `readMetrics(shareMetrics(app))`. Metrics have the names that they are exported under: `requests_total`, `queue_bytes`. A
 * histogram `wait` in seconds is the counters `wait_seconds_count` and `wait_seconds_sum`, and `wait_seconds` with a label `quantile` for each percentile; a set of distinct
 * members is their number.
 */
export function readMetrics(
  metrics: { read(): MetricsReading } | { merged(): MetricsReading },
  { overMs = 300_000, shares = [0.5, 0.95, 0.99] }: ReadMetricsOptions = {},
): (context: { readonly now: Moment }) => readonly MetricValue[] {
  const readAll = (): MetricsReading => ("merged" in metrics ? metrics.merged() : metrics.read());
  const earlier = new Map<string, { readonly at: Moment; readonly value: HistogramReading }[]>();
  return ({ now }) => {
    const values: MetricValue[] = [];
    for (const family of readAll().families) {
      const name = family.unit === undefined ? family.name : `${family.name}_${family.unit}`;
      if (family.kind === "counter") for (const { labels, value } of family.series) values.push({ metric: `${name}_total`, labels, value });
      else if (family.kind === "gauge") for (const { labels, value } of family.series) values.push({ metric: name, labels, value });
      else if (family.kind === "unique") for (const { labels, value } of family.series) values.push({ metric: name, labels, value: estimate(value).count });
      else if (family.kind === "histogram") {
        for (const { labels, value } of family.series) {
          values.push({ metric: `${name}_count`, labels, value: value.count }, { metric: `${name}_sum`, labels, value: value.sum });
          const key = alertKey(name, labels);
          // Without what is of a later time: the clock may have gone back.
          const past = [...(earlier.get(key) ?? []).filter(({ at }) => at < now), { at: now, value }];
          // The last one that is as old as the window, and what came after it.
          const begin = Math.max(
            0,
            past.findLastIndex(({ at }) => at <= now - overMs),
          );
          earlier.set(key, past.slice(begin));
          const recent = difference(past.length === 1 ? undefined : past[begin]?.value, value);
          for (const share of shares) {
            const of = percentile(recent, share);
            // Where nothing was recorded there is no percentile.
            if (of !== undefined) values.push({ metric: name, labels: { ...labels, quantile: String(share) }, value: of });
          }
        }
      }
    }
    return values;
  };
}
