import type { Series } from "./frame.ts";

/** A scale that ends lower than this would make a mountain of one request. */
const lowestTop = 5;

/** The values that a scale is marked with, lowest first; the last is its top. */
export function toMarks(highest: number, atMost = 5): number[] {
  const reach = Math.max(highest, lowestTop);
  const rough = reach / atMost;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999_999) ?? rough;
  const count = Math.ceil(reach / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The box that a series is drawn in; the newest value stands at the right edge, `slots` values fill the width. */
export interface PlotBox {
  readonly width: number;
  readonly height: number;
  readonly low: number;
  readonly high: number;
  readonly slots: number;
}

/** The paths of a series: a line that breaks where there is no value, and the area below it. */
export function toPaths(series: Series, box: PlotBox): { readonly line: string; readonly area: string } {
  const { width, height, low, high, slots } = box;
  const step = width / Math.max(1, slots - 1);
  const offset = slots - series.length;
  const x = (index: number) => round((offset + index) * step);
  const y = (value: number) => round(height - ((value - low) / (high - low || 1)) * height);
  let line = "";
  let area = "";
  for (const { from, values } of toRuns(series)) {
    const points = values.map((value, index) => `${x(from + index)} ${y(value)}`).join("L");
    // A line of no length with round ends is a dot: a single value between two gaps stays visible.
    line += `M${points}${values.length === 1 ? "h0" : ""}`;
    area += `M${x(from)} ${height}L${points}L${x(from + values.length - 1)} ${height}Z`;
  }
  return { line, area };
}

interface Run {
  readonly from: number;
  readonly values: number[];
}

/** The stretches of a series that have values. */
function toRuns(series: Series): Run[] {
  const runs: Run[] = [];
  let run: Run | undefined;
  for (const [index, value] of series.entries()) {
    if (value === null) run = undefined;
    else if (run === undefined) runs.push((run = { from: index, values: [value] }));
    else run.values.push(value);
  }
  return runs;
}

export interface Summary {
  readonly low: number;
  readonly mean: number;
  readonly high: number;
}

/** `undefined` if the series has no value at all. */
export function summarize(series: Series): Summary | undefined {
  const values = series.filter((value) => value !== null);
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  return { low: Math.min(...values), mean: sum / values.length, high: Math.max(...values) };
}

const rowMs = 30_000;

/** The series as rows of half a minute by the clock, newest first, so that a row once read stays where it was. */
export function toRows(series: Series, newestAt: number): { readonly from: number; readonly summary: Summary | undefined }[] {
  const rows = new Map<number, (number | null)[]>();
  for (const [index, value] of series.entries()) {
    const at = newestAt - (series.length - 1 - index) * 1_000;
    const from = Math.floor(at / rowMs) * rowMs;
    rows.set(from, [...(rows.get(from) ?? []), value]);
  }
  return [...rows].map(([from, values]) => ({ from, summary: summarize(values) })).toReversed();
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
