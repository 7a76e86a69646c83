import { scale } from "../metrics/buckets.ts";
import { difference } from "../metrics/difference.ts";
import { estimate } from "../metrics/distinct.ts";
import { keyOf } from "../metrics/names.ts";
import type { FamilyReading, HistogramReading, Labels, MetricsReading, Unit } from "../metrics/reading.ts";

/** Since the process began, or since what was sent last. */
export type Temporality = "cumulative" | "delta";

/** What a request says beside the metrics. */
export interface OtlpFacts {
  /** Whose metrics they are, such as `service.name`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly temporality: Temporality;
  /** When counting began, in milliseconds since 1970: the process's start, or the reading before. */
  readonly startedAt: number;
  /** When they were read. */
  readonly at: number;
  /** The reading before, for deltas. */
  readonly before?: MetricsReading | undefined;
}

/** Units as UCUM writes them. */
const units: Readonly<Record<Unit, string>> = { seconds: "s", bytes: "By", ratio: "1" };
const temporalities: Readonly<Record<Temporality, number>> = { delta: 1, cumulative: 2 };

type Json = Readonly<Record<string, unknown>>;

/**
 * An export request for metrics, in the JSON form of OpenTelemetry's protocol; `undefined` where there is nothing to send. Pure.
 * Sources: OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding" (64-bit numbers are texts, enumerations numbers); opentelemetry/proto/metrics/v1/metrics.proto.
 */
export function toOtlp(reading: MetricsReading, facts: OtlpFacts): Json | undefined {
  const before = new Map(facts.before?.families.map((family) => [family.name, family]));
  const metrics = reading.families.flatMap((family) => toMetric(family, before.get(family.name), facts) ?? []);
  if (metrics.length === 0) return undefined;
  const resource = { attributes: toAttributes(facts.attributes) };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: "nexios" }, metrics }] }] };
}

function toMetric(family: FamilyReading, before: FamilyReading | undefined, facts: OtlpFacts): Json | undefined {
  const { name, help, unit, series } = family;
  if (series.length === 0) return undefined;
  const described = { name, ...(help !== undefined && { description: help }), ...(unit !== undefined && { unit: units[unit] }) };
  const times = { startTimeUnixNano: toNanoseconds(facts.startedAt), timeUnixNano: toNanoseconds(facts.at) };
  const { timeUnixNano } = times;
  const aggregationTemporality = temporalities[facts.temporality];
  switch (family.kind) {
    case "counter": {
      const earlier = earlierValues(before?.kind === "counter" ? before : undefined);
      const dataPoints = family.series.map(({ labels, value }) => {
        const last = earlier.get(keyOf(Object.entries(labels))) ?? 0;
        return { attributes: toAttributes(labels), ...times, asDouble: value >= last ? value - last : value };
      });
      return { ...described, sum: { dataPoints, aggregationTemporality, isMonotonic: true } };
    }
    case "gauge":
      return {
        ...described,
        gauge: { dataPoints: family.series.map(({ labels, value }) => ({ attributes: toAttributes(labels), timeUnixNano, asDouble: value })) },
      };
    case "histogram": {
      const earlier = earlierValues(before?.kind === "histogram" ? before : undefined);
      const dataPoints = family.series.map(({ labels, value }) => ({
        attributes: toAttributes(labels),
        ...times,
        ...toExponential(difference(earlier.get(keyOf(Object.entries(labels))), value)),
      }));
      return { ...described, exponentialHistogram: { dataPoints, aggregationTemporality } };
    }
    case "unique":
      return {
        ...described,
        gauge: { dataPoints: family.series.map(({ labels, value }) => ({ attributes: toAttributes(labels), timeUnixNano, asDouble: estimate(value).count })) },
      };
    case "top": {
      const dataPoints = family.series.flatMap(({ labels, value }) =>
        value.keys.slice(0, family.size).map(([key, count]) => ({ attributes: toAttributes({ ...labels, key }), timeUnixNano, asDouble: count })),
      );
      return dataPoints.length === 0 ? undefined : { ...described, gauge: { dataPoints } };
    }
  }
}

function earlierValues<Value>(
  before: { readonly series: readonly { readonly labels: Labels; readonly value: Value }[] } | undefined,
): ReadonlyMap<string, Value> {
  return new Map(before?.series.map(({ labels, value }) => [keyOf(Object.entries(labels)), value]));
}

function toExponential({ count, sum, min, max, zeros, buckets }: HistogramReading): Json {
  const range = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  const [first, last] = [buckets[0]?.[0], buckets.at(-1)?.[0]];
  const point = { count: String(count), sum, ...range, scale, zeroCount: String(zeros) };
  if (first === undefined || last === undefined) return point;
  const bucketCounts = Array.from({ length: last - first + 1 }, () => "0");
  for (const [index, inBucket] of buckets) bucketCounts[index - first] = String(inBucket);
  return { ...point, positive: { offset: first, bucketCounts } };
}

function toAttributes(labels: Labels): readonly Json[] {
  return Object.entries(labels).map(([key, value]) =>
    // As OpenTelemetry's own limit calls such a series.
    key === "overflow" && value === "true" ? { key: "otel.metric.overflow", value: { boolValue: true } } : { key, value: { stringValue: value } },
  );
}

function toNanoseconds(ms: number): string {
  return `${Math.floor(ms)}000000`;
}
