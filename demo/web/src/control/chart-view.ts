import type { Column, Dashboard } from "nexios/dashboard";
import type { TimeSpan } from "./chart-cursor.ts";

/** What all charts of a page have in common. */
export interface ChartView {
  readonly columns: readonly Column[];
  /** The moments of the columns' values, in milliseconds since 1970. */
  readonly times: readonly number[];
  readonly span: TimeSpan;
  /** Nothing has come yet. */
  readonly isLoading: boolean;
}

/** Which part of a dashboard is shown: `steps` up to the step `head`. */
export interface Shownness {
  readonly head: number;
  readonly steps: number;
  readonly stepMs: number;
}

const none: readonly never[] = [];

/** Pure. */
export function toView(dashboard: Pick<Dashboard, "columns" | "tick"> | undefined, { head, steps, stepMs }: Shownness): ChartView {
  const columns = dashboard?.columns ?? none;
  const count = columns[0]?.values.length ?? 0;
  const tick = dashboard?.tick ?? 0;
  const times = Array.from({ length: count }, (_, at) => (tick - count + 1 + at) * stepMs);
  const span = { from: (head - steps) * stepMs, to: head * stepMs, stepMs, count, lastAt: tick * stepMs };
  return { columns, times, span, isLoading: dashboard === undefined };
}
