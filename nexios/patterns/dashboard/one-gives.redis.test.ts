import { NexiosApp, shareMetrics } from "nexios";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type RedisServer, startRedis } from "../../../commands/services/redis-server.ts";
import { dashboardRoom } from "./contract.ts";
import { addDashboards } from "./dashboards.ts";
import type { Dashboard } from "./state.ts";

let redis: RedisServer;
const apps: NexiosApp[] = [];

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(() => redis?.stop());

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop({ deadlineMs: 200 })));
});

async function start(): Promise<NexiosApp> {
  const app = new NexiosApp({ env: { REDIS_URL: redis.url, NEXIOS_SECRET: "a secret of the test, long enough to be one" } });
  apps.push(app);
  addDashboards(app, { views: { main: { authorize: () => true } }, paces: [{ seconds: 1, steps: 60 }], keepsWindows: false });
  await app.start();
  return app;
}

function dashboardOf(app: NexiosApp): Promise<Dashboard> {
  return app.room(dashboardRoom, { name: "main", pace: "1" }).state();
}

/** Waits until all show it, however slow the machine is. */
function untilAll(isSo: (values: readonly unknown[]) => void, metric: string): Promise<void> {
  const look = async (): Promise<void> => {
    for (const app of apps) isSo((await dashboardOf(app)).columns.find((column) => column.metric === metric)?.values ?? []);
  };
  return vi.waitFor(look, { timeout: 30_000, interval: 50 });
}

test("with REDIS_URL dashboards are one, of what all count, which one process gives, and another when that is gone", { timeout: 120_000 }, async () => {
  const [a, b] = [await start(), await start()];
  const shared = apps.map((app) => shareMetrics(app));
  a.metrics.gauge("queue").set(2);
  b.metrics.gauge("queue").set(3);

  await untilAll((values) => expect(values.at(-1)).toBe(5), "queue");
  const giving = shared.findIndex((each) => each.isFirst());
  const samples = await dashboardOf(a);
  const [gone] = apps.splice(giving, 1);
  await gone!.stop({ deadlineMs: 200 });

  expect(shared.filter((each) => each.isFirst()).length).toBeLessThanOrEqual(1);
  await untilAll((values) => expect(values.at(-1)).toBe(giving === 0 ? 3 : 2), "queue");
  expect((await dashboardOf(apps[0]!)).tick).toBeGreaterThan(samples.tick);
});
