import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dashboardRoom } from "./contract.ts";
import { addDashboards } from "./dashboards.ts";
import type { Pace } from "./pace.ts";
import type { Dashboard } from "./state.ts";

const hourMs = 3_600_000;
let folder: string;
let clock: ManualClock;
let level: number;
let app: NexiosApp;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-dashboards-"));
  clock = new ManualClock();
  clock.setTime(1_800_000_000_000);
  app = await open();
});

afterEach(async () => {
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
});

async function open(paces: readonly Pace[] = [{ seconds: 1, steps: 30 }]): Promise<NexiosApp> {
  const opened = new NexiosApp({ clock, env: {}, rooms: { folder, synchronous: "normal" } });
  opened.metrics.gauge("level", { read: () => level });
  addDashboards(opened, { views: { main: { authorize: () => true } }, paces, clock });
  await opened.start();
  return opened;
}

function dashboardOf(pace = "1"): Promise<Dashboard> {
  return app.room(dashboardRoom, { name: "main", pace }).state();
}

function levelsOf({ columns }: Dashboard): readonly (number | null)[] {
  return columns.find(({ metric }) => metric === "level")?.values ?? [];
}

/** Lets steps pass in which the level is this. */
async function pass(steps: number, of: number, pace = "1"): Promise<void> {
  level = of;
  for (let step = 0; step < steps; step++) {
    await clock.advance(Number(pace) * 1_000);
    await dashboardOf(pace);
  }
}

test("when the clock goes back by an hour, a dashboard goes on within seconds", async () => {
  await pass(60, 1);
  clock.setTime(clock.now() - hourMs);
  await pass(20, 2);

  const dashboard = await dashboardOf();
  expect(dashboard.tick).toBe(Math.floor(clock.now() / 1_000));
  expect(levelsOf(dashboard).slice(-16)).toEqual(Array.from({ length: 16 }, () => 2));
  expect(levelsOf(dashboard)).not.toContain(1);
});

test("when the clock goes back by an hour, a window keeps what is older than the new time", async () => {
  await app.stop({ deadlineMs: 200 });
  app = await open([{ seconds: 60, steps: 90 }]);
  await pass(80, 1, "60");
  clock.setTime(clock.now() - hourMs);
  await pass(6, 2, "60");

  const dashboard = await dashboardOf("60");
  expect(dashboard.tick).toBe(Math.floor(clock.now() / 60_000));
  expect(levelsOf(dashboard).filter((value) => value === 2).length).toBeGreaterThanOrEqual(2);
  expect(levelsOf(dashboard).filter((value) => value === 1).length).toBeGreaterThanOrEqual(20);
});

test("when the clock goes back by a second or two, nothing is forgotten", async () => {
  await pass(20, 1);
  clock.setTime(clock.now() - 2_000);
  await pass(12, 2);

  const values = levelsOf(await dashboardOf());
  expect(values.slice(-8)).toEqual(Array.from({ length: 8 }, () => 2));
  expect(values.filter((value) => value === 1).length).toBeGreaterThan(15);
});

test("a process that starts with an earlier clock than the one before it goes on within seconds, and keeps its window", async () => {
  await pass(40, 1);
  await app.stop({ deadlineMs: 200 });
  clock.setTime(clock.now() - hourMs);
  app = await open();
  await pass(25, 2);

  expect((await dashboardOf()).tick).toBe(Math.floor(clock.now() / 1_000));
  expect(levelsOf(await dashboardOf()).slice(-10)).toEqual(Array.from({ length: 10 }, () => 2));
  await app.stop({ deadlineMs: 200 });
  app = await open();
  await vi.waitFor(async () => expect(levelsOf(await dashboardOf()).slice(-20)).toEqual(Array.from({ length: 20 }, () => 2)));
  expect((await dashboardOf()).tick).toBeLessThanOrEqual(Math.floor(clock.now() / 1_000));
});
