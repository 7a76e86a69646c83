import { factsOf } from "./column.ts";
import type { DashboardEntry, Opening } from "./frame.ts";
import { type Sample, toFrame } from "./sample.ts";
import { type Dashboard, evolveDashboard, lengthOf, pointAt } from "./state.ts";
import { type StoredBlock, toEntries } from "./window.ts";

/** A clock that is so many steps behind a window has gone back; one that is less behind is waited for. */
const mostBehind = 3;

/** Whether a window has steps of a time that is still to come, by the clock that gave this step. */
export function isAhead(windowTick: number, tick: number): boolean {
  return windowTick - tick > mostBehind;
}

/** Begins a window anew at a sample: with what it has of the steps before, where they are as long. What it has of later ones is given up. Pure. */
export function beginAt(dashboard: Dashboard, sample: Sample, mostColumns: number): readonly DashboardEntry[] {
  const { tick, stepMs, steps } = sample;
  const opening: Opening = { opened: { stepMs, steps } };
  const past = dashboard.stepMs === stepMs && dashboard.steps === steps ? blockBefore(dashboard, tick) : undefined;
  const begun = [opening, ...toEntries(dashboard, past === undefined ? [] : [past], mostColumns)];
  return [...begun, toFrame(begun.reduce<Dashboard>(evolveDashboard, dashboard), sample, mostColumns)];
}

function blockBefore(dashboard: Dashboard, tick: number): StoredBlock | undefined {
  const length = lengthOf(dashboard);
  const size = Math.min(length, tick - (dashboard.tick - length) - 1);
  if (size <= 0) return undefined;
  const columns = dashboard.columns.map((column) => ({ ...factsOf(column), points: Array.from({ length: size }, (_, at) => pointAt(column, at)) }));
  return { tick: dashboard.tick - length + size, columns: columns.filter(({ points }) => points.some((point) => point !== null)) };
}
