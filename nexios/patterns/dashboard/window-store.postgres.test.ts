import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { expect, test, vi } from "vitest";
import { usePostgres } from "../../src/postgres/database.fixture.ts";
import { dashboardRoom } from "./contract.ts";
import { addDashboards } from "./dashboards.ts";
import type { Dashboard } from "./state.ts";

const postgres = usePostgres();

function stateOf(app: NexiosApp): Promise<Dashboard> {
  return app.room(dashboardRoom, { name: "main", pace: "1" }).state();
}

test("on PostgreSQL too a window outlives a restart", async () => {
  const [url, clock] = [await postgres.newUrl(), new ManualClock()];
  const open = async (): Promise<NexiosApp> => {
    const app = new NexiosApp({ clock, rooms: { databaseUrl: url }, env: {} });
    addDashboards(app, { views: { main: { authorize: () => true } }, paces: [{ seconds: 1, steps: 60 }], clock });
    await app.start();
    return app;
  };
  // Not faster than the database.
  const pass = async (app: NexiosApp): Promise<void> => {
    await clock.advance(1_000);
    await vi.waitFor(async () => expect((await stateOf(app)).tick).toBe(clock.now() / 1_000));
    // Behind what the dashboards write: by this clock a transaction would take a second.
    await app.store.transaction(async (tx) => void (await tx.query("select 1")));
  };
  const first = await open();
  for (let second = 0; second < 12; second++) {
    first.metrics.gauge("level").set(second);
    await pass(first);
  }
  await first.stop();

  const second = await open();
  second.metrics.gauge("level").set(99);
  await pass(second);

  const values = (await stateOf(second)).columns.find(({ metric }) => metric === "level")?.values;
  await second.stop();
  expect(values?.slice(-4)).toEqual([9, 10, 11, 99]);
});
