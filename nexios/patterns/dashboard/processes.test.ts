import { NexiosApp, MemoryNetwork, shareMetrics } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dashboardRoom } from "./contract.ts";
import { addDashboards } from "./dashboards.ts";
import type { Dashboard } from "./state.ts";

// Apps of one clock, each with a dashboard of its own, that tell each other what they count.

interface Process {
  readonly app: NexiosApp;
  /** It dies without a word. */
  readonly kill: () => Promise<void>;
}

let clock: ManualClock;
let network: MemoryNetwork;
const apps: NexiosApp[] = [];

beforeEach(() => {
  clock = new ManualClock();
  network = new MemoryNetwork();
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop({ deadlineMs: 200 })));
});

async function start(): Promise<Process> {
  const app = new NexiosApp({ clock, env: {} });
  apps.push(app);
  const broker = network.join();
  const shared = shareMetrics(app, { broker, clock });
  addDashboards(app, { views: { main: { authorize: () => true } }, paces: [{ seconds: 1, steps: 60 }], keepsWindows: false, clock, shared });
  await app.start();
  return { app, kill: () => broker.close() };
}

async function pass(seconds: number, each: () => void = () => undefined): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    each();
    await clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function dashboardOf({ app }: Process): Promise<Dashboard> {
  const room = app.room(dashboardRoom, { name: "main", pace: "1" });
  await vi.waitFor(async () => expect((await room.state()).tick).toBe(clock.now() / 1_000));
  return room.state();
}

async function valuesOf(process: Process, metric: string, labels = {}): Promise<readonly unknown[]> {
  const column = (await dashboardOf(process)).columns.find((each) => each.metric === metric && JSON.stringify(each.labels) === JSON.stringify(labels));
  return column?.values ?? [];
}

test("the dashboard of each process shows what all of them count together", async () => {
  const [a, b] = [await start(), await start()];
  a.app.metrics.gauge("queue").set(2);
  b.app.metrics.gauge("queue").set(3);

  await pass(6, () => {
    a.app.metrics.counter("orders").add(10);
    b.app.metrics.counter("orders").add(1);
  });

  for (const process of [a, b]) {
    expect((await valuesOf(process, "orders")).slice(-3)).toEqual([11, 11, 11]);
    expect((await valuesOf(process, "queue")).at(-1)).toBe(5);
    expect((await valuesOf(process, "nexios_processes", { state: "live" })).at(-1)).toBe(2);
  }
});

test("a process that dies is stale within three steps, its gauges go with it, and no rate falls below nothing", async () => {
  const [a, b] = [await start(), await start()];
  b.app.metrics.gauge("queue").set(3);
  await pass(5, () => {
    a.app.metrics.counter("orders").add(10);
    b.app.metrics.counter("orders").add(1);
  });

  await b.kill();
  await pass(6, () => a.app.metrics.counter("orders").add(10));

  expect((await valuesOf(a, "nexios_processes", { state: "stale" })).slice(-6)).toEqual([0, 0, 1, 1, 1, 1]);
  expect((await valuesOf(a, "queue")).slice(-6)).toEqual([3, 3, null, null, null, null]);
  const rates = await valuesOf(a, "orders");
  expect(rates.slice(-5)).toEqual([10, 10, 10, 10, 10]);
  expect(rates.every((rate) => rate === null || Number(rate) >= 10)).toBe(true);
});

test("a process that is gone is missed for five minutes, and what it has counted stays", async () => {
  const [a, b] = [await start(), await start()];
  b.app.metrics.counter("orders").add(7);
  await pass(3);

  await b.app.stop();
  await pass(2);
  const missed = (await valuesOf(a, "nexios_processes", { state: "stale" })).at(-1);
  await pass(300);

  expect(missed).toBe(1);
  expect((await valuesOf(a, "nexios_processes", { state: "stale" })).at(-1)).toBe(0);
  expect((await valuesOf(a, "nexios_processes", { state: "live" })).at(-1)).toBe(1);
  expect((await valuesOf(a, "orders")).every((rate) => rate === null || rate === 0)).toBe(true);
});

test("what is measured is named once", () => {
  const shared = { merged: () => ({ families: [] }), processes: () => [] };

  expect(() => addDashboards(new NexiosApp({ env: {} }), { views: {}, read: () => ({ families: [] }), shared })).toThrow(TypeError);
});

test("who begins later counts nothing of what others had counted before as if it had happened since", async () => {
  // It tells in the middle of a step, and the late one's first step ends before that.
  await clock.advance(500);
  const a = await start();
  await pass(5, () => a.app.metrics.counter("orders").add(1_000));
  await clock.advance(100);
  const late = await start();
  late.app.metrics.counter("orders").add(0);
  await clock.advance(400);

  await pass(6, () => a.app.metrics.counter("orders").add(1_000));

  const rates = await valuesOf(late, "orders");
  expect(rates.slice(-3)).toEqual([1_000, 1_000, 1_000]);
  expect(rates.filter((rate) => rate !== null)).toEqual(rates.filter((rate) => rate === 1_000));
});
