import { type ColumnFacts, factsOf, type Point } from "./column.ts";
import type { Block, DashboardEntry, Frame, TopList } from "./frame.ts";

/** A column over the window, oldest step first. All columns of a dashboard are of one length. */
export interface Column extends ColumnFacts {
  readonly id: number;
  readonly values: readonly (number | null)[];
  /** The least and the greatest within each step; absent where they were never other than the value. */
  readonly least?: readonly (number | null)[];
  readonly greatest?: readonly (number | null)[];
  /** The step after which its series was no more. */
  readonly goneAt?: number;
}

/** What a viewer has: a window in columns, at one pace. */
export interface Dashboard {
  readonly stepMs: number;
  /** The most steps that the window holds. */
  readonly steps: number;
  /** The newest step: the last value of each column was true at `tick * stepMs`. 0: nothing was measured yet. */
  readonly tick: number;
  /** The next column's number. */
  readonly nextId: number;
  readonly columns: readonly Column[];
  readonly tops: Readonly<Record<string, TopList>>;
  /** So many columns have no place here. */
  readonly left: number;
}

export const emptyDashboard: Dashboard = { stepMs: 1_000, steps: 1, tick: 0, nextId: 1, columns: [], tops: {}, left: 0 };

/** How many steps the columns of a dashboard hold now. */
export function lengthOf({ columns }: Dashboard): number {
  return columns[0]?.values.length ?? 0;
}

/** The dashboard after an entry. Pure. */
export function evolveDashboard(dashboard: Dashboard, entry: DashboardEntry): Dashboard {
  if ("frame" in entry) return addFrame(dashboard, entry);
  return "block" in entry ? addBlock(dashboard, entry) : { ...emptyDashboard, nextId: dashboard.nextId, ...entry.opened };
}

function addFrame(dashboard: Dashboard, { frame: [tick, ...points], born = [], gone = [], tops, left }: Frame): Dashboard {
  const changed = new Map<number, Point>();
  for (let at = 0; at + 1 < points.length; at += 2) changed.set(Number(points[at]), points[at + 1] ?? null);
  const ends = new Set(gone);
  const begins = born.map((facts): Column => ({ ...facts, values: nulls(lengthOf(dashboard)) }));
  const window = { steps: dashboard.steps, missing: dashboard.tick === 0 ? 0 : tick - dashboard.tick - 1 };
  const columns = [...dashboard.columns, ...begins].map((column): Column => {
    if (ends.has(column.id)) return { ...push(column, null, window), goneAt: tick - 1 };
    const point = changed.get(column.id);
    if (point === undefined) return push(column, lastOf(column), window);
    // A series of the same name has a point again.
    const { goneAt: _goneAt, ...living } = column;
    return push(living, point, window);
  });
  return {
    ...dashboard,
    tick,
    columns: columns.filter(({ goneAt = tick }) => tick - goneAt < dashboard.steps),
    nextId: Math.max(dashboard.nextId, ...born.map(({ id }) => id + 1)),
    tops: { ...dashboard.tops, ...tops },
    left: left ?? dashboard.left,
  };
}

/** A block stands before all that was measured since, or behind it with a gap between: what a column has not, is a gap in it. Steps that are there already stay as they are. */
function addBlock(dashboard: Dashboard, { block }: Block): Dashboard {
  const whole = Math.max(0, ...block.columns.map(({ points }) => points.length));
  if (block.tick <= dashboard.tick) return dashboard;
  const size = dashboard.tick === 0 ? whole : Math.min(whole, block.tick - dashboard.tick);
  const missing = dashboard.tick === 0 ? 0 : block.tick - size - dashboard.tick;
  const known = new Map(block.columns.map((column) => [column.id, column]));
  const begins = block.columns.filter(({ id }) => !dashboard.columns.some((column) => column.id === id));
  const columns = [...dashboard.columns, ...begins.map((column): Column => ({ ...factsOf(column), id: column.id, values: nulls(lengthOf(dashboard)) }))];
  return {
    ...dashboard,
    tick: block.tick,
    columns: columns.map((column) => {
      const points = known.get(column.id)?.points.slice(whole - size) ?? nulls(size);
      return points.reduce<Column>((grown, point, at) => push(grown, point, { steps: dashboard.steps, missing: at === 0 ? missing : 0 }), column);
    }),
    nextId: Math.max(dashboard.nextId, ...begins.map(({ id }) => id + 1)),
  };
}

/** The last point, as a frame would say it. */
export function lastOf(column: Column): Point {
  return column.goneAt === undefined ? pointAt(column, column.values.length - 1) : null;
}

/** The point at a place of the window, from 0. */
export function pointAt({ values, least, greatest }: Column, at: number): Point {
  const value = values[at] ?? null;
  if (value === null) return null;
  const [low, high] = [least?.[at] ?? value, greatest?.[at] ?? value];
  return low === value && high === value ? value : [value, low, high];
}

function push(column: Column, point: Point, { steps, missing }: { readonly steps: number; readonly missing: number }): Column {
  const [last, low, high] = typeof point === "object" && point !== null ? point : [point, point, point];
  const { values, least, greatest, ...facts } = column;
  const hasSpread = least !== undefined || low !== last || high !== last;
  const grow = (before: readonly (number | null)[], value: number | null): readonly (number | null)[] => {
    const gap = nulls(Math.min(missing, steps));
    const room = steps - gap.length - 1;
    return [...(room <= 0 ? [] : before.slice(-room)), ...gap, value].slice(-steps);
  };
  return {
    ...facts,
    values: grow(values, last),
    ...(hasSpread && { least: grow(least ?? values, low), greatest: grow(greatest ?? values, high) }),
  };
}

function nulls(count: number): readonly null[] {
  return Array.from({ length: count }, () => null);
}
