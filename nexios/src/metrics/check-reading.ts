import { highestBucket, lowestBucket } from "./buckets.ts";
import { exactUpTo } from "./distinct.ts";
import { decodeRegisters } from "./hyperloglog.ts";
import { faultOfLabel, faultOfName, isTooLong, mostLabels } from "./names.ts";
import type { FamilyReading, MetricsReading } from "./reading.ts";
import { longestHelp } from "./registry.ts";
import { mostKeys } from "./top.ts";

/** How much of another process's reading is taken. */
export interface ReadingLimits {
  readonly families?: number;
  /** Of all families together. */
  readonly series?: number;
}

/** A reading that came from elsewhere, of which nothing is believed: `undefined` unless all of it has the form and the bounds of a reading. */
export function checkReading(value: unknown, { families: mostFamilies = 1_000, series: mostSeries = 20_000 }: ReadingLimits = {}): MetricsReading | undefined {
  if (!isObject(value) || !isList(value["families"], mostFamilies)) return undefined;
  let series = 0;
  const names = new Set<unknown>();
  for (const family of value["families"]) {
    if (!isFamily(family)) return undefined;
    series += family.series.length;
    names.add(family.name);
  }
  // Each part was just looked at.
  return series <= mostSeries && names.size === value["families"].length ? (value as unknown as MetricsReading) : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function isFamily(value: unknown): value is FamilyReading {
  if (!isObject(value) || faultOfName(value["name"]) !== undefined) return false;
  const { kind, help, unit, series } = value;
  if (help !== undefined && (typeof help !== "string" || help.length > longestHelp)) return false;
  if (unit !== undefined && unit !== "seconds" && unit !== "bytes" && unit !== "ratio") return false;
  const isValue = typeof kind === "string" ? valueCheck(kind, value) : undefined;
  return isValue !== undefined && isList(series, Infinity) && series.every((each) => isObject(each) && isLabels(each["labels"]) && isValue(each["value"]));
}

/** How the values of a family of the kind are checked; `undefined` when the family itself has a fault. */
function valueCheck(kind: string, family: Fields): ((value: unknown) => boolean) | undefined {
  const { merge, bounds, size } = family;
  switch (kind) {
    case "counter":
      return isAmount;
    case "gauge":
      return merge === "sum" || merge === "max" || merge === "min" ? Number.isFinite : undefined;
    case "histogram":
      return isList(bounds, 50) && isAscending(bounds) && bounds.every(isAmount) ? (value) => isHistogram(value, bounds.length) : undefined;
    case "unique":
      return isUnique;
    case "top":
      return isCount(size) && size <= mostKeys ? isTop : undefined;
    default:
      return undefined;
  }
}

function isHistogram(value: unknown, bounds: number): boolean {
  if (!isObject(value)) return false;
  const { count, sum, min, max, zeros, buckets, atMost } = value;
  const hasRange = count === 0 ? min === undefined && max === undefined : isAmount(min) && isAmount(max) && min <= max;
  if (!isCount(count) || !isAmount(sum) || !isCount(zeros) || !hasRange) return false;
  if (!isList(buckets, highestBucket - lowestBucket + 1) || !buckets.every(isBucket) || !isAscending(buckets.map(([index]) => index))) return false;
  if (
    !isList(atMost, bounds) ||
    atMost.length !== bounds ||
    !atMost.every((at, index) => isCount(at) && at >= ((atMost[index - 1] as number | undefined) ?? 0))
  )
    return false;
  return buckets.reduce((all, [, inBucket]) => all + inBucket, zeros) === count && ((atMost.at(-1) as number | undefined) ?? 0) <= count;
}

function isBucket(value: unknown): value is readonly [number, number] {
  if (!isList(value, 2)) return false;
  const [index, count] = value;
  return Number.isInteger(index) && (index as number) >= lowestBucket && (index as number) <= highestBucket && isCount(count) && count > 0;
}

function isUnique(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { hashes, registers } = value;
  if (registers !== undefined) return hashes === undefined && typeof registers === "string" && decodeRegisters(registers) !== undefined;
  return isList(hashes, exactUpTo) && hashes.every(isCount) && new Set(hashes).size === hashes.length;
}

function isTop(value: unknown): boolean {
  if (!isObject(value) || !isAmount(value["others"])) return false;
  const { keys } = value;
  return isList(keys, mostKeys) && keys.every(isKey) && new Set(keys.map(([key]) => key)).size === keys.length;
}

function isKey(value: unknown): value is readonly [string, number, number] {
  if (!isList(value, 3)) return false;
  const [key, count, error] = value;
  return typeof key === "string" && !isTooLong(key) && isAmount(count) && isAmount(error);
}

function isLabels(value: unknown): boolean {
  if (!isObject(value)) return false;
  const labels = Object.entries(value);
  if (labels.length > mostLabels) return false;
  return labels.every(
    ([name, text]) => (name === "overflow" ? text === "true" : faultOfLabel(name) === undefined) && typeof text === "string" && !isTooLong(text),
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown, most: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= most;
}

function isAscending(values: readonly unknown[]): boolean {
  return values.every((value, index) => index === 0 || (value as number) > (values[index - 1] as number));
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
