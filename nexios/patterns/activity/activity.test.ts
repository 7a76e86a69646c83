import { NexiosApp } from "nexios";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addActivity } from "./add-activity.ts";
import { House, newEvent } from "./house.fixture.ts";

const minuteMs = 60_000;
let house: House;

beforeEach(async () => {
  house = new House();
  await house.open({ countProperties: ["status"] });
});

afterEach(() => house.close());

test("a batch is stored and counted, and its answer says so", async () => {
  const answer = await house.send([newEvent(), newEvent({ visitor: "bob", path: "/lots?secret=1" })]);

  expect(answer).toEqual({ accepted: 2, duplicate: 0, rejected: [] });
  expect(await house.activity.summary()).toEqual({ events: 2, visitors: { count: 2, isExact: true }, sessions: 2, minutes: 1, peakPerMinute: 2 });
  expect(await house.activity.top("path")).toEqual([
    { label: "/", count: 1 },
    { label: "/lots", count: 1 },
  ]);
});

test("a batch that is sent again has the same answer, and changes no number", async () => {
  const twice = newEvent();
  const batch = [newEvent(), twice, twice, newEvent({ type: "" })];
  const first = await house.send(batch);
  const before = [await house.activity.summary(), house.activity.view()];

  const second = await house.send(batch);

  expect(first).toEqual({ accepted: 2, duplicate: 1, rejected: [{ index: 3, code: "INVALID_TYPE" }] });
  expect(second).toEqual(first);
  expect([await house.activity.summary(), house.activity.view()]).toEqual(before);
});

test("an event that another batch has brought is a duplicate", async () => {
  const [shared, other] = [newEvent(), newEvent()];
  await house.send([shared]);

  const answer = await house.send([other, shared]);

  expect(answer).toEqual({ accepted: 1, duplicate: 1, rejected: [] });
  expect(await house.activity.summary()).toMatchObject({ events: 2 });
});

test("a late event is counted in its own minute, where its visitor is still one", async () => {
  const now = house.clock.now();
  await house.send([newEvent({ at: now }), newEvent({ at: now - 10 * minuteMs })]);

  await house.send([newEvent({ at: now - 10 * minuteMs + 1 }), newEvent({ at: now - 10 * minuteMs + 2, visitor: "bob" })]);

  const visitors = (count: number) => ({ count, isExact: true });
  expect(await house.activity.minutes(now - 60 * minuteMs, now + minuteMs)).toEqual([
    { at: now - 10 * minuteMs, events: 3, visitors: visitors(2), sessions: 2 },
    { at: now, events: 1, visitors: visitors(1), sessions: 0 },
  ]);
});

test("after a restart all numbers are what they were", async () => {
  const now = house.clock.now();
  await house.send([
    newEvent({ at: now - 20 * minuteMs }),
    newEvent({ visitor: "bob", path: "/lots", properties: { status: 404 } }),
    newEvent({ at: now - 2 * minuteMs }),
  ]);
  const before = [house.activity.view(), await house.activity.summary(), await house.activity.top("properties.status")];

  await house.reopen();

  expect([house.activity.view(), await house.activity.summary(), await house.activity.top("properties.status")]).toEqual(before);
});

test("the server tracks events of its own, and one without a visitor is nobody's", async () => {
  const answer = await house.activity.track([{ id: "night-1", type: "import" }]);

  expect(answer).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
  expect(await house.activity.summary()).toMatchObject({ events: 1, visitors: { count: 0 }, sessions: 0 });
  expect(await house.activity.events(0, 10)).toEqual([{ id: "night-1", type: "import", at: house.clock.now() }]);
});

test("what waits to be stored when the app stops is stored, and whoever waits for it is answered", async () => {
  await house.reopen({ limits: { commitEvents: 100 } });
  const tracked = house.activity.track([newEvent()]);
  await vi.waitFor(() => expect(house.app.metrics.read().families.find(({ name }) => name === "nexios_activity_queue")?.series[0]?.value).toBe(1));

  await house.reopen();

  expect(await tracked).toMatchObject({ accepted: 1 });
  expect(await house.activity.summary()).toMatchObject({ events: 1 });
});

test("an app counts one site: a second time is a mistake", async () => {
  const app = new NexiosApp();
  addActivity(app);

  expect(() => addActivity(app, { site: "other" })).toThrow(TypeError);
  await app.stop();
});

test("whatever is asked first starts the app", async () => {
  await house.app.stop();
  const ask = [
    () => house.activity.summary(),
    () => house.activity.track([newEvent()]),
    () => house.activity.minutes(0, minuteMs),
    () => house.post({ events: [] }),
  ];
  for (const first of ask) {
    const app = new NexiosApp({ clock: house.clock, rooms: { folder: house.folder } });
    Object.assign(house, { app, activity: addActivity(app, { clock: house.clock, limits: { commitEvents: 1 } }) });

    await expect(first()).resolves.toBeDefined();
    await app.stop();
  }
});

test("an event that is tracked inside of a transaction is stored after it, and holds up nobody else's", async () => {
  const [inside, other] = await house.app.store
    .transaction(async (tx) => {
      await tx.query("select 1");
      return [house.activity.track([newEvent()]), house.send([newEvent()])] as const;
    })
    .then((answers) => Promise.all(answers));

  expect([inside, other]).toEqual([
    { accepted: 1, duplicate: 0, rejected: [] },
    { accepted: 1, duplicate: 0, rejected: [] },
  ]);
});
