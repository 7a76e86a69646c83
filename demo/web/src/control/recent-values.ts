import type { Column } from "nexios/dashboard";
import { fits } from "./chart-lines.ts";
import type { LineSpec } from "./chart-spec.ts";

type Values = readonly (number | null)[];

/** The last values of all series that fit, added up; `null` where none of them has one. Pure. */
export function recentValues(columns: readonly Column[], spec: LineSpec, count: number): Values {
  const all = columns.filter((column) => fits(column, spec)).map(({ values }) => values.slice(-count));
  const length = Math.max(0, ...all.map((values) => values.length));
  return Array.from({ length }, (_, at) => {
    const there = all.map((values) => values[at] ?? null).filter((value) => value !== null);
    return there.length === 0 ? null : there.reduce((sum, value) => sum + value, 0);
  });
}

const compared = 5;

/** By which part the newest values are more than the oldest of those given; `undefined` where it can't be said. Pure. */
export function changeOf(values: Values): number | undefined {
  if (values.length < compared * 2) return undefined;
  const [before, now] = [meanOf(values.slice(0, compared)), meanOf(values.slice(-compared))];
  if (before === undefined || now === undefined || (before === 0 && now !== 0)) return undefined;
  return before === 0 ? 0 : now / before - 1;
}

/** Of the values that there are. Pure. */
export function meanOf(values: Values): number | undefined {
  const there = values.filter((value) => value !== null);
  return there.length === 0 ? undefined : there.reduce((sum, value) => sum + value, 0) / there.length;
}

/** Each value as the mean of so many up to it, as far as there are any; where it has none itself it stays without. Pure. */
export function toMeans(values: Values, count: number): Values {
  return values.map((value, at) => (value === null ? null : (meanOf(values.slice(Math.max(0, at - count + 1), at + 1)) ?? null)));
}
