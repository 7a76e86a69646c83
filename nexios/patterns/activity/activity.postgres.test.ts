import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, expect, test } from "vitest";
import { usePostgres } from "../../src/postgres/database.fixture.ts";
import { addActivity } from "./add-activity.ts";
import { newEvent } from "./house.fixture.ts";
import type { Activity } from "./activity.ts";

const postgres = usePostgres();
const apps: NexiosApp[] = [];

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop({ deadlineMs: 200 })));
});

async function open(url: string, clock: ManualClock): Promise<{ readonly app: NexiosApp; readonly activity: Activity }> {
  const app = new NexiosApp({ clock, rooms: { databaseUrl: url }, env: { NEXIOS_SECRET: "a".repeat(43) } });
  apps.push(app);
  const activity = addActivity(app, { clock, limits: { commitEvents: 1 } });
  await app.start();
  return { app, activity };
}

test("on PostgreSQL too each event is stored and counted once, and what was counted is there after a restart", async () => {
  const [url, clock] = [await postgres.newUrl(), new ManualClock()];
  const { app } = await open(url, clock);
  const events = [newEvent(), newEvent({ visitor: "bob", path: "/lots" }), newEvent({ path: "/lots" })];
  const send = async (): Promise<unknown> => (await app.request("/activity", { method: "POST", body: JSON.stringify({ events }) })).json();

  await send();
  await send();
  await app.stop();
  const { activity } = await open(url, clock);

  expect(await activity.summary()).toMatchObject({ events: 3, visitors: { count: 2 }, sessions: 2, minutes: 1, peakPerMinute: 3 });
  expect(await activity.top("path")).toEqual([
    { label: "/lots", count: 2 },
    { label: "/", count: 1 },
  ]);
});
