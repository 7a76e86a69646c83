import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dashboardRoom } from "./contract.ts";
import { addDashboards, type DashboardsOptions } from "./dashboards.ts";
import type { Dashboard } from "./state.ts";

let folder: string;
let clock: ManualClock;
const apps: NexiosApp[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-dashboards-"));
  clock = new ManualClock();
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop({ deadlineMs: 200 })));
  rmSync(folder, { recursive: true });
});

/** The store writes in a thread of its own. */
const patience = { timeout: 10_000 };
const everybody = { authorize: () => true };

async function open(options: Partial<DashboardsOptions> = {}): Promise<NexiosApp> {
  const app = new NexiosApp({ clock, env: {}, rooms: { folder, synchronous: "normal" } });
  apps.push(app);
  addDashboards(app, { views: { main: everybody }, keepsWindows: false, clock, ...options });
  await app.start();
  return app;
}

function dashboardOf(app: NexiosApp, name = "main", pace = "1"): Promise<Dashboard> {
  return app.room(dashboardRoom, { name, pace }).state();
}

/** Lets seconds pass, each with what it brings. */
async function pass(seconds: number, each: (second: number) => void = () => undefined): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    each(second);
    await clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function valuesOf({ columns }: Dashboard, metric: string): readonly unknown[] | undefined {
  return columns.find((column) => column.metric === metric)?.values;
}

test("what is measured is on the dashboard at each pace", async () => {
  const app = await open();
  const orders = app.metrics.counter("orders");

  await pass(12, () => orders.add(3));
  await vi.waitFor(async () => expect((await dashboardOf(app)).tick).toBe(clock.now() / 1_000));

  expect(valuesOf(await dashboardOf(app), "orders")?.slice(-11)).toEqual(Array.from({ length: 11 }, () => 3));
  const slow = await dashboardOf(app, "main", "5");
  expect([slow.stepMs, valuesOf(slow, "orders")?.at(-1)]).toEqual([5_000, 3]);
});

test("who may see it is asked of each dashboard, and a dashboard shows what it selects", async () => {
  const app = await open({
    views: {
      main: { authorize: ({ id }) => id === "chief" },
      shop: { authorize: () => true, select: (metric) => metric === "orders" },
    },
  });
  app.metrics.counter("orders").add(1);
  app.metrics.counter("revenue").add(1);
  await pass(2);
  const joins = async (id: string, name: string, pace = "1"): Promise<unknown> =>
    app
      .room(dashboardRoom, { name, pace })
      .call("sample", {} as never, { user: { id, name: id } })
      .then(
        ({ kind, ...rest }) => [kind, "code" in rest ? rest.code : ""],
        (error: { readonly code: string }) => error.code,
      );

  expect(await joins("eve", "main")).toBe("FORBIDDEN");
  expect(await joins("eve", "other")).toBe("FORBIDDEN");
  expect(await joins("chief", "main", "2")).toBe("FORBIDDEN");
  // Who may see it may not write it.
  expect(await joins("chief", "main")).toEqual(["refused", "FORBIDDEN"]);
  await vi.waitFor(async () => expect((await dashboardOf(app, "shop")).columns.map(({ metric }) => metric)).toEqual(["orders"]));
  expect((await dashboardOf(app)).columns.map(({ metric }) => metric)).toEqual(expect.arrayContaining(["orders", "revenue"]));
});

test("a window outlives a restart but for its last seconds, and the time between is a gap", async () => {
  const first = await open({ keepsWindows: true, paces: [{ seconds: 1, steps: 60 }] });
  const level = first.metrics.gauge("level");
  await pass(21, (second) => level.set(second));
  await first.stop();
  await clock.advance(4_000);

  const second = await open({ keepsWindows: true, paces: [{ seconds: 1, steps: 60 }] });
  second.metrics.gauge("level").set(99);
  await pass(1);
  await vi.waitFor(async () => expect((await dashboardOf(second)).tick).toBe(clock.now() / 1_000));

  const values = valuesOf(await dashboardOf(second), "level");
  expect(values?.slice(-10)).toEqual([16, 17, 18, 19, 20, null, null, null, null, 99]);
});

/** The newest step that is in the store. */
async function keptTo(app: NexiosApp): Promise<number> {
  const { rows } = await app.store.query("select max(tick) as newest from dashboard_block");
  return Number(rows[0]?.["newest"]);
}

test("what was measured is in the store ten seconds later, so that a process that dies loses no more", async () => {
  const app = await open({ keepsWindows: true, paces: [{ seconds: 1, steps: 60 }] });
  app.metrics.gauge("level").set(1);

  for (let round = 0; round < 3; round++) {
    await pass(10);
    // The store writes in real time, and gives up what takes seconds of the clock.
    await vi.waitFor(async () => expect(await keptTo(app)).toBe(clock.now() / 1_000), patience);
  }
});

test("what the store did not take is kept with the next ten seconds", async () => {
  const first = await open({ keepsWindows: true, paces: [{ seconds: 1, steps: 60 }] });
  const level = first.metrics.gauge("level");
  const transaction = vi.spyOn(first.store, "transaction").mockRejectedValueOnce(new Error("The disk is full"));
  await pass(10, (second) => level.set(second));
  await vi.waitFor(() => expect(transaction).toHaveBeenCalledTimes(1), patience);
  await pass(10, (second) => level.set(10 + second));
  await vi.waitFor(async () => expect(await keptTo(first)).toBe(clock.now() / 1_000), patience);
  await first.stop();

  const second = await open({ keepsWindows: true, paces: [{ seconds: 1, steps: 60 }] });

  expect(valuesOf(await dashboardOf(second), "level")).toEqual(Array.from({ length: 20 }, (_, at) => at));
});

test("a window that was kept has no more columns after a restart than a dashboard has place for", async () => {
  const first = await open({ keepsWindows: true, columns: 3 });
  for (let shelf = 0; shelf < 8; shelf++)
    first.metrics
      .gauge("level")
      .with({ shelf: String(shelf) })
      .set(shelf);
  await pass(3);
  await first.stop();

  const second = await open({ keepsWindows: true, columns: 3, views: { main: { ...everybody, select: (metric) => metric === "level" } } });
  const restored = await dashboardOf(second);
  for (let shelf = 0; shelf < 8; shelf++)
    second.metrics
      .gauge("level")
      .with({ shelf: String(shelf) })
      .set(shelf);
  await pass(1);
  await vi.waitFor(async () => expect((await dashboardOf(second)).tick).toBe(clock.now() / 1_000));

  expect([restored.columns.length, restored.left]).toEqual([3, 0]);
  expect([(await dashboardOf(second)).columns.length, (await dashboardOf(second)).left]).toEqual([3, 5]);
});

test("windows that nobody can read any more are forgotten", async () => {
  const app = await open({ keepsWindows: true, paces: [{ seconds: 1, steps: 30 }] });
  app.metrics.gauge("level").set(1);

  await pass(95);
  await app.store.query("select 1");

  await vi.waitFor(async () => {
    const { rows } = await app.store.query("select count(*) as blocks, min(tick) as first from dashboard_block");
    expect(rows[0]?.["blocks"]).toBeLessThan(6);
    expect(Number(rows[0]?.["first"])).toBeGreaterThan(clock.now() / 1_000 - 60);
  });
});

test("a dashboard that can not say what it shows keeps nothing from the others", async () => {
  const app = await open({
    views: {
      broken: {
        ...everybody,
        select: () => {
          throw new Error("no");
        },
      },
      main: everybody,
    },
  });
  app.metrics.gauge("level").set(5);

  await pass(2);

  await vi.waitFor(async () => expect(valuesOf(await dashboardOf(app), "level")?.at(-1)).toBe(5));
});

test("a process that others were faster than misses nothing: the step is there once", async () => {
  const app = await open();
  app.metrics.gauge("level").set(1);
  await pass(2);
  await vi.waitFor(async () => expect((await dashboardOf(app)).tick).toBe(clock.now() / 1_000));
  const { tick } = await dashboardOf(app);

  const outcome = await app.room(dashboardRoom, { name: "main", pace: "1" }).call("sample", { tick, stepMs: 1_000, steps: 300, columns: [], tops: {} });

  expect(outcome).toMatchObject({ kind: "refused", code: "LATE", data: { tick } });
});

test("what can not be measured is reported, and the next step is", async () => {
  let fails = true;
  const app = await open({
    read: () => {
      if (fails) throw new Error("no");
      return { families: [{ kind: "gauge", name: "level", merge: "sum", series: [{ labels: {}, value: 5 }] }] };
    },
  });
  await pass(2);
  fails = false;
  await pass(2);

  await vi.waitFor(async () => expect(valuesOf(await dashboardOf(app), "level")?.at(-1)).toBe(5));
});

test.each([
  [[], "one pace"],
  [[{ seconds: 0, steps: 9 }], "multiple"],
  [
    [
      { seconds: 2, steps: 9 },
      { seconds: 3, steps: 9 },
    ],
    "multiple",
  ],
  [
    [
      { seconds: 5, steps: 9 },
      { seconds: 5, steps: 9 },
    ],
    "fastest",
  ],
  [[{ seconds: 1, steps: 1 }], "window"],
  [[{ seconds: 1, steps: 3_601 }], "window"],
])("paces that no sampler can keep are refused: %j", (paces, message) => {
  expect(() => addDashboards(new NexiosApp({ env: {} }), { views: { main: everybody }, paces })).toThrow(message);
});
