/** How much a registry keeps. */
export interface MetricsLimits {
  /** Series of one counter, gauge or histogram; what comes beyond goes to one more, `{overflow="true"}`. 200 unless given. */
  readonly seriesPerMetric: number;
  /** Series of one unique or top, each of which may take a megabyte. 20 unless given. */
  readonly sketchesPerMetric: number;
  /** Series of all metrics together, without those of the overflow. 2,000 unless given. */
  readonly series: number;
  /** Metrics. 500 unless given. */
  readonly metrics: number;
}

export const defaultMetricsLimits: MetricsLimits = { seriesPerMetric: 200, sketchesPerMetric: 20, series: 2_000, metrics: 500 };

/** @throws TypeError for a limit that does not exist, or is no whole number above 0 */
export function toMetricsLimits(given: Partial<MetricsLimits>): MetricsLimits {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaultMetricsLimits, name))
      throw new TypeError(`Metrics have no limit "${name}": they have ${Object.keys(defaultMetricsLimits).join(", ")}`);
    if (!Number.isInteger(value) || value < 1) throw new TypeError(`${name} must be a whole number above 0, not ${String(value)}`);
  }
  return { ...defaultMetricsLimits, ...given };
}
