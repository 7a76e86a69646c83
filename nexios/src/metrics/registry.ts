import { Counter, type CounterSeries } from "./counter.ts";
import { Gauge } from "./gauge.ts";
import { Histogram } from "./histogram.ts";
import { type MetricsLimits, toMetricsLimits } from "./limits.ts";
import { faultOfName } from "./names.ts";
import type { FamilyReading, GaugeMerge, MetricsReading, Unit } from "./reading.ts";
import type { SeriesServices } from "./series-set.ts";
import { mostKeys, Top } from "./top.ts";
import { Unique } from "./unique.ts";

export interface MetricOptions {
  /** What it says, in a sentence. */
  readonly help?: string;
  readonly unit?: Unit;
}

export interface GaugeOptions extends MetricOptions {
  /** Gives the value whenever the metrics are read. */
  readonly read?: () => number;
  /** How the values of several processes become one: `sum`, or `max` for a ratio, unless given. */
  readonly merge?: GaugeMerge;
}

export interface HistogramOptions extends MetricOptions {
  /** Ascending, at most 50: how many values are at most so large is counted exactly. From 5 ms to 10 s unless given for seconds, else none; percentiles need none. */
  readonly bounds?: readonly number[];
}

export interface TopOptions extends MetricOptions {
  /** Keys that are shown, at most 100; 10 unless given. */
  readonly size?: number;
  /** Keys whose counts are kept: 10,000 unless given. */
  readonly capacity?: number;
}

type Metric = Counter | Gauge | Histogram | Unique | Top;
type OfKind<Kind extends Metric["kind"]> = Extract<Metric, { kind: Kind }>;

/** What is said of a family beside its series. */
interface Facts {
  readonly name: string;
  readonly help?: string;
  readonly unit?: Unit;
}

interface Family {
  readonly facts: Facts;
  readonly metric: Metric;
}

const secondsBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const mostBounds = 50;
export const longestHelp = 1_000;
const units: ReadonlySet<unknown> = new Set(["seconds", "bytes", "ratio", undefined]);

/** A metric as it is read: its series one after the other, when they are asked for. */
export type FamilyInParts = FamilyReading extends infer Each
  ? Each extends FamilyReading
    ? Omit<Each, "series"> & { readonly series: Iterable<Each["series"][number]> }
    : never
  : never;

/** The metrics of a process. A name stands for one metric: who asks for it again gets the same. */
export class Metrics {
  readonly #limits: MetricsLimits;
  readonly #families = new Map<string, Family>();
  readonly #overflow: Counter;
  #series = 0;

  /** @throws TypeError for limits out of bounds */
  constructor(limits: Partial<MetricsLimits> = {}) {
    this.#limits = toMetricsLimits(limits);
    const unlimited = { limit: this.#limits.metrics, take: () => true, onOverflow: () => undefined };
    this.#overflow = new Counter(unlimited);
    this.#families.set(overflowFacts.name, { facts: overflowFacts, metric: this.#overflow });
  }

  /** A number that only grows. @throws TypeError for a name that can't be one, or is of another kind */
  counter(name: string, options: MetricOptions = {}): Counter {
    return this.#get("counter", name, options, (services) => new Counter(services));
  }

  /** A number that goes up and down. @throws TypeError for a name that can't be one, or is of another kind */
  gauge(name: string, { read, merge, ...options }: GaugeOptions = {}): Gauge {
    const rule = merge ?? (options.unit === "ratio" ? "max" : "sum");
    if (!["sum", "max", "min"].includes(rule))
      throw new TypeError(`Gauges of several processes become one by "sum", "max" or "min", not by ${JSON.stringify(rule)}`);
    const gauge = this.#get("gauge", name, options, (services) => new Gauge(name, rule, services));
    if (merge !== undefined && gauge.merge !== merge) throw new TypeError(`The gauge ${name} has another merge: ${gauge.merge}`);
    if (read !== undefined) gauge.addRead(read);
    return gauge;
  }

  /** How values are spread: percentiles, and counts at bounds. @throws TypeError for a name that can't be one, or is of another kind, and for bounds that are none */
  histogram(name: string, { bounds, ...options }: HistogramOptions = {}): Histogram {
    const chosen = bounds ?? (options.unit === "seconds" ? secondsBounds : []);
    requireBounds(chosen);
    const histogram = this.#get("histogram", name, options, (services) => new Histogram([...chosen], services));
    if (bounds !== undefined && histogram.bounds.join() !== bounds.join()) throw new TypeError(`The histogram ${name} has other bounds`);
    return histogram;
  }

  /** How many different ones there were: exact to 10,000, then at most some 2 % off. @throws TypeError for a name that can't be one, or is of another kind */
  unique(name: string, options: MetricOptions = {}): Unique {
    return this.#get("unique", name, options, (services) => new Unique(services));
  }

  /** The heaviest keys. @throws TypeError for a name that can't be one, or is of another kind, and for sizes out of bounds */
  top(name: string, { size = 10, capacity = 10_000, ...options }: TopOptions = {}): Top {
    if (!Number.isInteger(size) || size < 1 || size > mostKeys / 10) throw new TypeError(`A top shows 1 to ${mostKeys / 10} keys, not ${size}`);
    if (!Number.isInteger(capacity) || capacity < size || capacity > 1_000_000)
      throw new TypeError(`A top keeps from its size to 1,000,000 keys, not ${capacity}`);
    return this.#get("top", name, options, (services) => new Top({ size, capacity }, services));
  }

  /** All that the registry holds now. */
  read(): MetricsReading {
    return { families: [...this.readInParts()].map((family) => ({ ...family, series: [...family.series] }) as FamilyReading) };
  }

  /** The same, each series read when it is asked for: whoever writes very many may leave the event loop to others in between. Histograms may be read without their buckets. @internal */
  *readInParts({ withBuckets = true }: { readonly withBuckets?: boolean } = {}): Generator<FamilyInParts, void> {
    for (const { facts, metric } of this.#families.values()) {
      if (metric === this.#overflow && metric.read().next().value?.value === 0) continue;
      yield inParts(facts, metric, withBuckets);
    }
  }

  #get<Kind extends Metric["kind"]>(kind: Kind, name: string, { help, unit }: MetricOptions, create: (services: SeriesServices) => OfKind<Kind>): OfKind<Kind> {
    const fault = faultOfName(name);
    if (fault !== undefined) throw new TypeError(`No metric is called "${name}": ${fault}`);
    if (!units.has(unit)) throw new TypeError(`A metric's unit is "seconds", "bytes" or "ratio", not ${JSON.stringify(unit)}`);
    if (help !== undefined && (typeof help !== "string" || help.length > longestHelp))
      throw new TypeError(`A metric's help is a text of at most ${longestHelp} characters`);
    const known = this.#families.get(name);
    if (known === undefined) {
      const metric = create(this.#services(name, kind));
      this.#families.set(name, { facts: { name, ...(help !== undefined && { help: help.toWellFormed() }), ...(unit !== undefined && { unit }) }, metric });
      return metric;
    }
    if (known.metric.kind !== kind) throw new TypeError(`There is a ${known.metric.kind} called ${name}: it can't be another kind of metric too`);
    if (unit !== undefined && known.facts.unit !== unit) throw new TypeError(`The ${kind} ${name} has another unit: ${known.facts.unit ?? "none"}`);
    // Its kind was just looked at.
    return known.metric as OfKind<Kind>;
  }

  #services(name: string, kind: Metric["kind"]): SeriesServices {
    const { metrics, seriesPerMetric, sketchesPerMetric, series } = this.#limits;
    // One of them is the registry's own.
    if (this.#families.size > metrics) throw new TypeError(`There are ${metrics} metrics: what varies is a label, and no part of a name`);
    let turnedAway: CounterSeries | undefined;
    return {
      limit: kind === "unique" || kind === "top" ? sketchesPerMetric : seriesPerMetric,
      take: () => this.#series < series && ++this.#series > 0,
      onOverflow: () => (turnedAway ??= this.#overflow.with({ metric: name })).add(),
    };
  }
}

/** Grows each time that a series was asked for for which there was no room. */
const overflowFacts: Facts = { name: "nexios_metrics_overflow", help: "Look-ups of series that there was no room for, by metric" };

function inParts(facts: Facts, metric: Metric, withBuckets: boolean): FamilyInParts {
  switch (metric.kind) {
    case "counter":
      return { kind: "counter", ...facts, series: metric.read() };
    case "gauge":
      return { kind: "gauge", ...facts, merge: metric.merge, series: metric.read() };
    case "histogram":
      return { kind: "histogram", ...facts, bounds: metric.bounds, series: metric.read(withBuckets) };
    case "unique":
      return { kind: "unique", ...facts, series: metric.read() };
    case "top":
      return { kind: "top", ...facts, size: metric.size, series: metric.read() };
  }
}

function requireBounds(bounds: readonly number[]): void {
  if (bounds.length > mostBounds) throw new TypeError(`A histogram has at most ${mostBounds} bounds`);
  for (const [index, bound] of bounds.entries())
    if (!Number.isFinite(bound) || bound < 0 || bound <= (bounds[index - 1] ?? -1))
      throw new TypeError(`Bounds are numbers from 0 on, ascending: ${bounds.join(", ")}`);
}
