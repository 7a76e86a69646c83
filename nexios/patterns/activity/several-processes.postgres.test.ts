import { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { usePostgres } from "../../src/postgres/database.fixture.ts";
import type { Activity } from "./activity.ts";
import { addActivity } from "./add-activity.ts";
import { activityRoom } from "./contract.ts";
import type { NewEvent } from "./event.ts";
import { House, newEvent } from "./house.fixture.ts";

const postgres = usePostgres();
const minuteMs = 60_000;

interface Process {
  readonly app: NexiosApp;
  readonly activity: Activity;
}

let url: string;
let clock: ManualClock;
const apps: NexiosApp[] = [];
let alone: House;

beforeEach(async () => {
  [url, clock] = [await postgres.newUrl(), new ManualClock()];
  alone = new House();
  await clock.advance(24 * 60 * minuteMs);
  await alone.clock.advance(24 * 60 * minuteMs);
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop({ deadlineMs: 200 })));
  if (alone.app !== undefined) await alone.close();
});

async function start(labels = 1_000): Promise<Process> {
  const app = new NexiosApp({ clock, rooms: { databaseUrl: url }, env: { NEXIOS_SECRET: "a".repeat(43) } });
  apps.push(app);
  const activity = addActivity(app, { clock, limits: { commitEvents: 1, labels } });
  await app.start();
  return { app, activity };
}

async function send({ app }: Process, events: readonly NewEvent[]): Promise<unknown> {
  const response = await app.request("/activity", { method: "POST", body: JSON.stringify({ events }) });
  return response.json();
}

/** Batches of visitors who come and go over three hours, in no order. */
function drawBatches(count: number): readonly (readonly NewEvent[])[] {
  const now = clock.now();
  const draw = (seed: number, most: number): number => (Math.imul(seed, 2_654_435_761) >>> 8) % most;
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: 6 }, (__, place) => {
      const seed = batch * 31 + place * 7 + 1;
      return newEvent({
        visitor: `v${draw(seed, 12)}`,
        type: `t${draw(seed + 1, 3)}`,
        path: `/${draw(seed + 2, 9)}`,
        at: now - draw(seed + 3, 180) * minuteMs,
      });
    }),
  );
}

test("processes that write at once count together what one would count, whichever takes a batch and however often it comes", async () => {
  const [a, b] = await Promise.all([start(), start()]);
  await alone.open();
  const batches = drawBatches(60);

  const sent = batches.flatMap((events, index) => [send(a, index % 3 === 0 ? events : events.toReversed()), send(b, events)]);
  const answers = (await Promise.all(sent)) as { readonly accepted: number; readonly duplicate: number }[];
  for (const events of batches) await alone.send(events);

  // Twice the same batch has the same answer; one that is put together otherwise has not.
  expect(answers.every(({ accepted, duplicate }) => accepted + duplicate === 6)).toBe(true);
  for (const { activity } of [a, b]) {
    expect(await activity.summary()).toEqual(await alone.activity.summary());
    expect(await activity.top("path", { from: 0 })).toEqual(await alone.activity.top("path", { from: 0 }));
    expect(await activity.hours(clock.now() - 200 * minuteMs, clock.now())).toEqual(await alone.activity.hours(clock.now() - 200 * minuteMs, clock.now()));
  }
});

test("a minute has no more labels than its limit, whichever process brings them", async () => {
  const [a, b] = [await start(3), await start(3)];
  const paths = Array.from({ length: 12 }, (_, index) => newEvent({ path: `/${index}` }));

  await Promise.all(paths.map((event, index) => send(index % 2 === 0 ? a : b, [event])));

  const top = await a.activity.top("path");
  expect(top).toHaveLength(4);
  expect(top[0]).toEqual({ label: "(other)", count: 9 });
  expect(await b.activity.top("path")).toEqual(top);
});

test("a session that goes on at another process is one, and is counted without waiting", async () => {
  const [a, b] = [await start(), await start()];
  const at = clock.now();
  await send(a, [newEvent({ at: at - 50 * minuteMs })]);
  await send(b, [newEvent({ at: at - 10 * minuteMs })]);
  const apart = (await a.activity.summary()).sessions;

  await send(b, [newEvent({ at: at - 30 * minuteMs })]);

  expect(apart).toBe(2);
  expect([(await a.activity.summary()).sessions, (await b.activity.summary()).sessions]).toEqual([1, 1]);
});

test("each process shows what any of them has stored, each event once, also one that starts in between", async () => {
  const [a, b] = [await start(), await start()];
  await send(a, [newEvent({ visitor: "ann", path: "/a" })]);
  await send(b, [newEvent({ visitor: "bob", path: "/b" })]);
  const late = await start();
  await send(a, [newEvent({ visitor: "cleo", path: "/a" })]);
  await send(late, [newEvent({ visitor: "ann", path: "/c" })]);

  const views = await Promise.all(
    [a, b, late].map(async ({ activity }) => {
      await activity.tell();
      await activity.tell();
      return activity.view();
    }),
  );

  for (const view of views) {
    expect(view.active).toEqual({ count: 3, isExact: true });
    expect(view.minutes.at(-1)).toBe(4);
    expect(view.pages.last5).toEqual([
      { label: "/a", count: 2 },
      { label: "/b", count: 1 },
      { label: "/c", count: 1 },
    ]);
    expect(new Set(view.latest.map(({ id }) => id)).size).toBe(4);
    expect(view.latest).toHaveLength(4);
  }
});

test("while one process tells the live room the others do not, and another does when it is gone", async () => {
  const a = await start();
  await send(a, [newEvent()]);
  await a.activity.tell();
  const room = a.app.room(activityRoom, { site: "site" });
  const { latest: _latest, ...view } = a.activity.view();
  const tellAs = (id: string) => room.call("tell", { kind: "seen", ...view, added: [], active: { count: 9, isExact: true }, teller: { id, at: 0 } });

  await tellAs("other");
  const meanwhile = (await room.state()).active.count;
  await vi.waitFor(async () => {
    await clock.advance(1_000);
    await tellAs("other");
    expect((await room.state()).active.count).toBe(9);
  });

  expect(meanwhile).toBe(1);
});
