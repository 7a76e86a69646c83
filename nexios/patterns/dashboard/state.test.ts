import { expect, test } from "vitest";
import type { DashboardEntry } from "./frame.ts";
import { type Dashboard, emptyDashboard, evolveDashboard, lengthOf } from "./state.ts";

const cpu = { id: 1, metric: "cpu", labels: {}, stat: "value" } as const;
const rate = { id: 2, metric: "requests", labels: { code: "200" }, stat: "rate" } as const;
const opened: DashboardEntry = { opened: { stepMs: 1_000, steps: 4 } };

function after(...entries: readonly DashboardEntry[]): Dashboard {
  return entries.reduce<Dashboard>(evolveDashboard, emptyDashboard);
}

function valuesOf({ columns }: Dashboard): readonly unknown[] {
  return columns.map(({ id, values }) => [id, ...values]);
}

test("a column that a frame does not name keeps its value, and all are of one length", () => {
  const dashboard = after(opened, { frame: [10, 1, 0.5], born: [cpu] }, { frame: [11, 2, 7], born: [rate] }, { frame: [12, 1, 0.25] });

  expect(valuesOf(dashboard)).toEqual([
    [1, 0.5, 0.5, 0.25],
    [2, null, 7, 7],
  ]);
  expect([dashboard.tick, lengthOf(dashboard), dashboard.nextId]).toEqual([12, 3, 3]);
});

test("the window holds so many steps, and the oldest go", () => {
  const frames = [1, 2, 3, 4, 5, 6].map((tick): DashboardEntry => ({ frame: [tick, 1, tick], ...(tick === 1 && { born: [cpu] }) }));

  expect(valuesOf(after(opened, ...frames))).toEqual([[1, 3, 4, 5, 6]]);
});

test("steps that nobody measured are a gap, however many, and what has not changed goes on behind it", () => {
  const first: DashboardEntry = { frame: [1, 1, 8], born: [cpu] };

  expect(valuesOf(after(opened, first, { frame: [4] }))).toEqual([[1, 8, null, null, 8]]);
  expect(valuesOf(after(opened, first, { frame: [9_000_000] }))).toEqual([[1, null, null, null, 8]]);
});

test("a series that is no more leaves a gap and then its place, and one that comes back has the same column", () => {
  const born: DashboardEntry = { frame: [1, 1, 8, 2, 9], born: [cpu, rate] };
  const gone: DashboardEntry = { frame: [2], gone: [1] };
  const next = (tick: number): DashboardEntry => ({ frame: [tick] });

  expect(valuesOf(after(opened, born, gone, next(3)))).toEqual([
    [1, 8, null, null],
    [2, 9, 9, 9],
  ]);
  expect(valuesOf(after(opened, born, gone, next(3), next(4), next(5)))).toEqual([[2, 9, 9, 9, 9]]);
  expect(valuesOf(after(opened, born, gone, { frame: [3, 1, 5] }, next(4)))).toEqual([
    [1, 8, null, 5, 5],
    [2, 9, 9, 9, 9],
  ]);
});

test("a peak within a slow step stays beside the value", () => {
  const dashboard = after(opened, { frame: [1, 1, 3], born: [cpu] }, { frame: [2, 1, [3, 1, 90]] }, { frame: [3] }, { frame: [4, 1, 3] });

  expect(dashboard.columns).toEqual([{ ...cpu, values: [3, 3, 3, 3], least: [3, 1, 1, 3], greatest: [3, 90, 90, 3] }]);
});

test("a block is the same as its steps one by one, with a gap before what comes later", () => {
  const block: DashboardEntry = {
    block: {
      tick: 11,
      columns: [
        { ...cpu, points: [1, null] },
        { ...rate, points: [null, [2, 1, 3]] },
      ],
    },
  };

  const dashboard = after(opened, block, { frame: [13, 1, 6] });

  expect(valuesOf(dashboard)).toEqual([
    [1, 1, null, null, 6],
    [2, null, 2, null, 2],
  ]);
  expect(dashboard.nextId).toBe(3);
});

test("of a block that begins before the end of the window only what is behind it is added, since no step is there twice", () => {
  const block = (tick: number, ...points: readonly number[]): DashboardEntry => ({ block: { tick, columns: [{ ...cpu, points }] } });

  expect(valuesOf(after(opened, block(11, 1, 2), block(12, 2, 3)))).toEqual([[1, 1, 2, 3]]);
  expect(after(opened, block(11, 1, 2), block(11, 8, 9), block(10, 7))).toEqual(after(opened, block(11, 1, 2)));
});

test("a list is kept until it changes, and what has no place is counted", () => {
  const dashboard = after(opened, { frame: [1], tops: { pages: [["/", 3]] }, left: 4 }, { frame: [2] });

  expect([dashboard.tops, dashboard.left]).toEqual([{ pages: [["/", 3]] }, 4]);
});

test("a window that is opened anew begins empty", () => {
  const dashboard = after(opened, { frame: [1, 1, 8], born: [cpu] }, { opened: { stepMs: 5_000, steps: 9 } });

  expect(dashboard).toEqual({ ...emptyDashboard, nextId: 2, stepMs: 5_000, steps: 9 });
});
