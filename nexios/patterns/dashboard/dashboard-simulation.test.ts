import { expect, test } from "vitest";
import { type DashboardVariant, runDashboardSeed } from "./dashboard-simulation.fixture.ts";
import { dashboardRoom } from "./contract.ts";
import type { Frame } from "./frame.ts";
import type { Column } from "./state.ts";

/** Each has one fault of those that dashboards have. */
const brokenVariants: readonly (DashboardVariant & { readonly name: string; readonly says: string })[] = [
  {
    name: "a frame leaves out one of several points that have changed",
    says: "the window shows",
    frame: ({ frame: [tick, ...points], ...rest }: Frame) => ({ ...rest, frame: [tick, ...(points.length > 4 ? points.slice(0, -2) : points)] }),
  },
  {
    name: "a window is one step too short once it is full",
    says: "the window has",
    evolve(_before, _entry, after) {
      const cut = (values: Column["values"]): Column["values"] => values.slice(-(after.steps - 1));
      return {
        ...after,
        columns: after.columns.map(({ values, least, greatest, ...column }) => ({
          ...column,
          values: cut(values),
          ...(least !== undefined && greatest !== undefined && { least: cut(least), greatest: cut(greatest) }),
        })),
      };
    },
  },
  {
    name: "steps that nobody measured are filled with what was there before",
    says: "the window shows",
    evolve(before, entry, after) {
      if (!("frame" in entry) || before.tick === 0) return after;
      let filled = before;
      for (let tick = before.tick + 1; tick < entry.frame[0] && tick - before.tick < 100; tick++) filled = dashboardRoom.evolve(filled, { frame: [tick] });
      return dashboardRoom.evolve(filled, entry);
    },
  },
  {
    name: "a series that is no more keeps its last value",
    says: "the window shows",
    frame: ({ gone: _gone, ...rest }: Frame) => rest,
  },
  {
    name: "a series that is still measured counts as gone",
    says: "alive",
    evolve(_before, entry, after) {
      if (!("frame" in entry)) return after;
      return { ...after, columns: after.columns.map((column) => (column.values.length > 5 ? { ...column, goneAt: column.goneAt ?? after.tick } : column)) };
    },
  },
  {
    name: "a peak is not kept beside the value",
    says: "the window shows",
    evolve: (_before, _entry, after) => ({ ...after, columns: after.columns.map(({ least: _least, greatest: _greatest, ...column }) => column) }),
  },
  {
    name: "a late viewer gets a window that begins later",
    says: "not the fold",
    takeSnapshot: (dashboard) => ({ ...dashboard, columns: dashboard.columns.map((column) => ({ ...column, values: column.values.slice(-5) })) }),
  },
  { name: "a viewer gets all steps that it has missed, however many", says: "one by one", resumeEntries: 10_000 },
];

test.for(brokenVariants)("the judge notices where $name", { timeout: 60_000 }, async ({ name: _name, says, ...variant }) => {
  const found: string[] = [];

  for (let seed = 1; seed <= 30 && found.length === 0; seed++) {
    const { violations } = await runDashboardSeed(seed, variant);
    found.push(...violations.map(({ what }) => what).filter((what) => what.includes(says)));
  }

  expect(found).not.toEqual([]);
});

test("the same seed gives the same run", async () => {
  expect(await runDashboardSeed(7)).toEqual(await runDashboardSeed(7));
});
