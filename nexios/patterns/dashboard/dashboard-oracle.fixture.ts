import { keyOf, type Point } from "./column.ts";
import type { Sample } from "./sample.ts";
import { type Dashboard, pointAt } from "./state.ts";

/** All that was ever measured at one pace, by step: what a window has to show is computed from that, without frames. */
export class DashboardOracle {
  readonly #samples = new Map<number, Sample>();

  note(sample: Sample): void {
    this.#samples.set(sample.tick, sample);
  }

  /** What is wrong with a dashboard that knows of these steps, the first of its window and all since; `undefined` where nothing is. */
  faultOf(dashboard: Dashboard, ticks: readonly number[]): string | undefined {
    const newest = ticks.at(-1) ?? 0;
    const sample = this.#samples.get(newest);
    if (dashboard.tick !== newest) return `is at step ${dashboard.tick}, not at ${newest}`;
    if (sample === undefined) return `shows step ${newest}, which was never measured`;
    if (dashboard.steps !== sample.steps) return `has ${dashboard.steps} steps, not ${sample.steps}`;
    const length = Math.min(sample.steps, newest - (ticks[0] ?? newest) + 1);
    return this.#pointFault(dashboard, new Set(ticks), length) ?? columnFault(dashboard, sample) ?? topFault(dashboard, sample);
  }

  #pointFault(dashboard: Dashboard, measured: ReadonlySet<number>, length: number): string | undefined {
    const expected = this.#pointsOf(dashboard.tick - length + 1, length, measured);
    for (const column of dashboard.columns) {
      const key = keyOf(column);
      if (column.values.length !== length) return `has ${column.values.length} steps of ${key}, not ${length}`;
      const points = Array.from({ length }, (_, at) => pointAt(column, at));
      const right = expected.get(key) ?? points.map(() => null);
      if (JSON.stringify(points) !== JSON.stringify(right)) return `shows ${JSON.stringify(points)} of ${key}, not ${JSON.stringify(right)}`;
    }
    const shown = new Set(dashboard.columns.map(keyOf));
    const missing = [...expected].find(([key, points]) => !shown.has(key) && points.some((point) => point !== null));
    return missing && `does not show ${missing[0]}`;
  }

  #pointsOf(from: number, length: number, measured: ReadonlySet<number>): ReadonlyMap<string, readonly Point[]> {
    const points = new Map<string, Point[]>();
    for (let at = 0; at < length; at++) {
      const sample = measured.has(from + at) ? this.#samples.get(from + at) : undefined;
      for (const { point, ...facts } of sample?.columns ?? []) {
        const key = keyOf(facts);
        const column = points.get(key) ?? Array.from({ length }, (): Point => null);
        column[at] = point;
        points.set(key, column);
      }
    }
    return points;
  }
}

/** What lives is what was measured last; what is no more goes with the window. */
function columnFault({ columns, steps, tick, nextId }: Dashboard, sample: Sample): string | undefined {
  const living = columns.filter(({ goneAt }) => goneAt === undefined).map(keyOf);
  const measured = sample.columns.map(keyOf);
  if (JSON.stringify(living.toSorted()) !== JSON.stringify(measured.toSorted())) return `has ${living.join()} alive, not ${measured.join()}`;
  const late = columns.find(({ goneAt = tick }) => tick - goneAt >= steps);
  if (late !== undefined) return `still has ${keyOf(late)}, which ended at step ${late.goneAt}`;
  const ids = columns.map(({ id }) => id);
  return new Set(ids).size < ids.length || ids.some((id) => id >= nextId) ? `has two columns of one number, of ${ids.join()}` : undefined;
}

function topFault({ tops }: Dashboard, sample: Sample): string | undefined {
  const other = Object.entries(sample.tops).find(([metric, list]) => JSON.stringify(tops[metric]) !== JSON.stringify(list));
  return other && `has another list of ${other[0]}`;
}
