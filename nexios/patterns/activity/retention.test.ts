import { afterEach, beforeEach, expect, test } from "vitest";
import { House, newEvent } from "./house.fixture.ts";
import { defaultActivityLimits } from "./limits.ts";
import { forgetOld } from "./retention.ts";

const dayMs = 86_400_000;
let house: House;

beforeEach(async () => {
  house = new House();
  await house.open();
});

afterEach(() => house.close());

const all = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** As the app does it each minute. */
function forgetAfter(days: number, sliceRows = 5_000): Promise<number> {
  return forgetOld(house.app.store, house.clock.now() + days * dayMs, { ...defaultActivityLimits, sliceRows });
}

async function count(table: string): Promise<unknown> {
  return (await house.app.store.query(`select count(*) as rows from ${table}`)).rows[0]?.["rows"];
}

test("events go after seven days, minutes after thirty, hours after two years, and what is left of a time tells the same", async () => {
  await house.send([newEvent(), newEvent({ visitor: "bob" })]);
  await house.activity.summary();
  const now = house.clock.now();

  await forgetAfter(7);
  const kept = [await count("activity_event"), await count("activity_session")];
  await forgetAfter(7.001);
  const withoutEvents = [await count("activity_event"), await count("activity_session"), (await house.activity.minutes(now - dayMs, now + dayMs)).length];
  await forgetAfter(30.1);
  const withoutMinutes = [await count("activity_minute"), await house.activity.hours(now - dayMs, now + dayMs)];
  const top = await house.activity.top("path", { from: now - 31 * dayMs });
  await forgetAfter(730.1);

  expect(kept).toEqual([2, 2]);
  expect(withoutEvents).toEqual([0, 0, 1]);
  expect(withoutMinutes).toEqual([0, [{ at: now, events: 2, visitors: { count: 2, isExact: true }, sessions: 2 }]]);
  expect(top).toEqual([{ label: "/", count: 2 }]);
  expect([await count("activity_hour"), await count("activity_visitors")]).toEqual([0, 0]);
  expect(await house.activity.summary(all)).toMatchObject({ events: 0 });
});

test("what is too old is deleted a slice at a time, so that others come in between", async () => {
  await house.send(Array.from({ length: 25 }, (_, index) => newEvent({ visitor: `v${index % 2}` })));
  await house.activity.summary();
  let transactions = 0;
  const store: typeof house.app.store = new Proxy(house.app.store, {
    get(target, name) {
      if (name === "transaction") transactions++;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

  const gone = await forgetOld(store, house.clock.now() + 8 * dayMs, { ...defaultActivityLimits, sliceRows: 10 });

  // 25 events in slices of 10, 2 sessions, and a look at each of four tables of counts.
  expect([gone, transactions]).toEqual([27, 3 + 1 + 4]);
  expect(await count("activity_event")).toBe(0);
});

test("an event is known for two days after it came, however late it was", async () => {
  const late = newEvent({ at: house.clock.now() - 2 * dayMs });
  await house.send([late]);
  house.clock.setTime(house.clock.now() + 2 * dayMs);

  expect(await house.send([newEvent(), late])).toMatchObject({ accepted: 1, duplicate: 1 });
});

test("what is kept for ever is not looked for", async () => {
  await house.send([newEvent()]);
  await house.activity.summary();

  await forgetOld(house.app.store, house.clock.now() + 10_000 * dayMs, {
    ...defaultActivityLimits,
    keepEventsMs: Infinity,
    keepMinutesMs: Infinity,
    keepHoursMs: Infinity,
  });

  expect([await count("activity_event"), await count("activity_hour")]).toEqual([1, 3]);
});
