import type { Column } from "nexios/dashboard";
import type { ChartSpec, LineSpec } from "./chart-spec.ts";

/** A line as it is drawn. */
export interface ChartLine {
  /** Its column's number: another line of the same name is another line. */
  readonly id: number;
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** The step after which its series was no more. */
  readonly goneAt: number | undefined;
}

/** So many lines are told apart: by eight colours, and by their dashes. */
export const mostLines = 10;

/** The lines of a chart, and how many more there would be. Pure. */
export function toLines(columns: readonly Column[], { lines }: Pick<ChartSpec, "lines">): { readonly lines: readonly ChartLine[]; readonly more: number } {
  const found = lines.flatMap((spec) =>
    columns.filter((column) => fits(column, spec)).map(({ id, values, goneAt, labels }) => ({ id, values, goneAt, name: nameOf(labels, spec) })),
  );
  // One that has begun anew stands for the one that has ended.
  const living = new Set(found.filter(({ goneAt }) => goneAt === undefined).map(({ name }) => name));
  const shown = found.filter(({ goneAt, name }) => goneAt === undefined || !living.has(name));
  return { lines: shown.slice(0, mostLines), more: Math.max(0, shown.length - mostLines) };
}

/** A column that a line is of. */
export function fits(column: Pick<Column, "metric" | "stat" | "labels">, { metric, stat, labels = {}, by }: LineSpec): boolean {
  // What has no such label is no series of its values.
  if (by !== undefined && column.labels[by] === undefined && column.labels["overflow"] === undefined) return false;
  return column.metric === metric && column.stat === stat && Object.entries(labels).every(([name, value]) => column.labels[name] === value);
}

function nameOf(labels: Column["labels"], { by, name = "" }: LineSpec): string {
  if (by === undefined) return name;
  const value = labels["overflow"] === "true" ? "others" : (labels[by] ?? "");
  return name === "" ? value : `${value} ${name}`;
}
