import { type ColumnFacts, keyOf, type Point } from "./column.ts";
import type { Frame, TopList } from "./frame.ts";
import { type Column, type Dashboard, lastOf } from "./state.ts";

/** What was measured at the end of a step: all of it, by name. */
export interface Sample {
  readonly tick: number;
  readonly stepMs: number;
  /** Steps in the window. */
  readonly steps: number;
  readonly columns: readonly (ColumnFacts & { readonly point: Point })[];
  readonly tops: Readonly<Record<string, TopList>>;
}

/** What a frame need not say again is left out; columns past `mostColumns` have no place. Pure. */
export function toFrame(dashboard: Dashboard, { tick, columns, tops }: Sample, mostColumns: number): Frame {
  const known = new Map(dashboard.columns.map((column): [string, Column] => [keyOf(column), column]));
  const measured = new Set<string>();
  const points: Point[] = [];
  const born: (ColumnFacts & { readonly id: number })[] = [];
  let { nextId } = dashboard;
  let left = 0;
  for (const { point, ...facts } of columns) {
    const key = keyOf(facts);
    measured.add(key);
    const column = known.get(key);
    if (column !== undefined) {
      if (column.goneAt !== undefined || !isSame(lastOf(column), point)) points.push(column.id, point);
    } else if (known.size + born.length < mostColumns) {
      born.push({ id: nextId, ...facts });
      if (point !== null) points.push(nextId, point);
      nextId++;
    } else left++;
  }
  const gone = dashboard.columns.filter((column) => column.goneAt === undefined && !measured.has(keyOf(column))).map(({ id }) => id);
  const changedTops = Object.entries(tops).filter(([metric, list]) => JSON.stringify(list) !== JSON.stringify(dashboard.tops[metric]));
  return {
    frame: [tick, ...points],
    ...(born.length > 0 && { born }),
    ...(gone.length > 0 && { gone }),
    ...(changedTops.length > 0 && { tops: Object.fromEntries(changedTops) }),
    ...(left !== dashboard.left && { left }),
  };
}

function isSame(a: Point, b: Point): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
