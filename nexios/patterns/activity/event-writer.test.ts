import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { NewEvent } from "./event.ts";
import { EventWriter, type QueuedEvent } from "./event-writer.ts";
import { House, newEvent } from "./house.fixture.ts";
import { defaultActivityLimits as limits } from "./limits.ts";

const hourMs = 3_600_000;
let house: House;

beforeEach(async () => {
  house = new House();
  await house.open({ countProperties: ["status"] });
});

afterEach(() => house.close());

const span = () => ({ from: house.clock.now() - 47 * hourMs, to: house.clock.now() + hourMs });

/** All that is counted, without what single events are called. */
async function totals(): Promise<unknown> {
  const { from, to } = span();
  return {
    summary: await house.activity.summary(span()),
    minutes: await house.activity.minutes(from, to),
    hours: await house.activity.hours(from, to),
    tops: await Promise.all(["type", "path", "properties.status"].map((metric) => house.activity.top(metric, { ...span(), limit: 50 }))),
    sessions: (await house.app.store.query("select * from activity_session order by visitor, first_at")).rows.map(
      ({ visitor: _visitor, ...session }) => session,
    ),
    view: {
      ...house.activity.view(),
      latest: house.activity.view().latest.map(({ id }) => id),
    },
  };
}

test("whatever is sent twice, in whatever order and batches, what is counted is what single events say", async () => {
  const events = fc.array(
    fc.record({
      minutes: fc.integer({ min: 0, max: 200 }),
      visitor: fc.constantFrom("ann", "bob"),
      type: fc.constantFrom("page", "bid"),
      path: fc.constantFrom("/", "/a"),
      status: fc.constantFrom(200, 404),
    }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(events, fc.integer({ min: 1, max: 7 }), async (all, size) => {
      await house.close();
      house = new House();
      await house.open({ countProperties: ["status"] });
      const told = all.map(({ minutes, status, ...event }): NewEvent =>
        newEvent({ ...event, at: house.clock.now() - minutes * 60_000, properties: { status } }),
      );
      const shuffled = [...told, ...told].toSorted((a, b) => (a.id < b.id ? -1 : 1)).toReversed();
      for (let from = 0; from < shuffled.length; from += size) await house.send(shuffled.slice(from, from + size));
      const inPieces = await totals();

      const { from, to } = span();
      const minutes = Map.groupBy(told, ({ at = 0 }) => Math.floor(at / 60_000) * 60_000);
      const expected = [...minutes]
        .map(([at, same]) => ({ at, events: same.length, visitors: new Set(same.map(({ visitor }) => visitor)).size }))
        .toSorted((a, b) => a.at - b.at);
      const sessions = [...Map.groupBy(told, ({ visitor }) => visitor).values()].flatMap((own) => {
        const times = own.map(({ at = 0 }) => at).toSorted((a, b) => a - b);
        return times.filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) >= hourMs / 2);
      });
      expect((await house.activity.minutes(from, to)).map(({ at, events: count, visitors }) => ({ at, events: count, visitors: visitors.count }))).toEqual(
        expected,
      );
      expect(await house.activity.summary(span())).toMatchObject({ events: told.length, sessions: sessions.length });

      await house.reopen();
      for (const event of told) await house.send([event]);
      expect(await totals()).toEqual(inPieces);
    }),
    { numRuns: 8 },
  );
}, 60_000);

test("a commit that fails leaves nothing behind, in the store and in what the writer remembers", async () => {
  const writer = new EventWriter(limits, []);
  const queued: readonly QueuedEvent[] = [{ batch: 1, event: { id: "1", at: house.clock.now(), type: "page", path: "/", visitor: "ann" } }];
  const failing = house.app.store.transaction(async (tx) => {
    await writer.write(tx, queued, 1);
    throw new Error("the power is gone");
  });
  await expect(failing).rejects.toThrow("the power is gone");
  writer.forget();

  const { accepted, fresh } = await house.app.store.transaction(async (tx) => {
    const committed = await writer.write(tx, queued, 2);
    await writer.settle(tx);
    return committed;
  });

  expect([accepted, fresh]).toEqual([[true], [queued[0]?.event]]);
  expect(await house.activity.summary()).toEqual({ events: 1, visitors: { count: 1, isExact: true }, sessions: 1, minutes: 1, peakPerMinute: 1 });
});

test("many visitors, steps and labels are remembered no longer than there is room, and counted right all the same", async () => {
  const now = house.clock.now();
  const at = (index: number) => now - (index % 40) * hourMs;
  const events = Array.from({ length: 400 }, (_, index) => newEvent({ at: at(index), visitor: `v${index % 50}`, path: `/${index % 9}` }));

  for (let round = 0; round < 2; round++) for (let from = 0; from < 400; from += 80) await house.send(events.slice(from, from + 80));

  const hours = await house.activity.hours(now - 47 * hourMs, now + hourMs);
  expect(hours.map(({ events: count }) => count)).toEqual(Array.from({ length: 40 }, () => 10));
  expect(await house.activity.summary({ from: now - 47 * hourMs })).toMatchObject({ events: 400, visitors: { count: 50 }, sessions: 200 });
});

test("sessions that were noted and not moved on when the process ended are counted after it", async () => {
  const writer = new EventWriter(limits, []);
  const queued: readonly QueuedEvent[] = [{ batch: 1, event: { id: "1", at: house.clock.now(), type: "page", visitor: "ann" } }];
  await house.app.store.transaction((tx) => writer.write(tx, queued, 1));
  expect((await house.app.store.query("select count(*) as notes from activity_note")).rows).toEqual([{ notes: 1 }]);

  await house.reopen();

  expect(await house.activity.summary()).toMatchObject({ events: 1, sessions: 1 });
  expect(house.activity.view().sessions).toEqual({ count: 1, isExact: true });
  expect((await house.app.store.query("select count(*) as notes from activity_note")).rows).toEqual([{ notes: 0 }]);
});

test("the sessions of very many visitors are moved on by transactions of a bounded size, what is noted meanwhile comes next, and each counts once", async () => {
  const writer = new EventWriter(limits, []);
  const at = house.clock.now();
  let commits = 0;
  const write = (count: number): Promise<unknown> => {
    const queued = Array.from({ length: count }, (_, index): QueuedEvent => ({
      batch: commits,
      event: { id: `${commits}-${index}`, at, type: "page", visitor: `v${commits}-${index}` },
    }));
    commits++;
    return house.app.store.transaction((tx) => writer.write(tx, queued, commits));
  };
  const settle = (): Promise<void> => house.app.store.transaction((tx) => writer.settle(tx));
  const sessions = async () => Number((await house.app.store.query("select count(*) as sessions from activity_session")).rows[0]?.["sessions"]);
  await write(3_000);
  await write(3_000);
  await settle();
  const first = await sessions();
  await write(1_000);
  await settle();
  await settle();
  const noted = [await sessions(), writer.isWaiting];
  // A process that ends here would settle all of it again.
  writer.forget();
  while (writer.isWaiting) await settle();

  expect([first, noted, await sessions()]).toEqual([2_500, [6_000, true], 7_000]);
  expect((await house.app.store.query("select count(*) as notes from activity_note")).rows).toEqual([{ notes: 0 }]);
  expect(await house.activity.summary()).toMatchObject({ events: 7_000, sessions: 7_000 });
});

test("with fifty thousand visitors waiting it is time to move their sessions on", async () => {
  const writer = new EventWriter(limits, []);
  const full: boolean[] = [];
  for (const [commit, count] of [25_000, 24_999, 1].entries()) {
    const queued = Array.from({ length: count }, (_, index): QueuedEvent => ({
      batch: commit,
      event: { id: `${commit}-${index}`, at: 1, type: "page", visitor: `v${commit}-${index}` },
    }));
    await house.app.store.transaction((tx) => writer.write(tx, queued, commit));
    full.push(writer.isFull);
  }

  expect(full).toEqual([false, false, true]);
}, 60_000);
