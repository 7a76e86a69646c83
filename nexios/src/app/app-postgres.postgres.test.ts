import { afterEach, expect, test, vi } from "vitest";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { defineEvent } from "../events/define-event.ts";
import { defineSubscription } from "../events/define-subscription.ts";
import { usePostgres } from "../postgres/database.fixture.ts";
import { createNotifyBroker } from "../postgres/notify-broker.ts";
import { counter } from "../rooms/house.fixture.ts";
import { NexiosApp } from "./app.ts";
import type { AppOptions } from "./options.ts";

const postgres = usePostgres();
const apps: NexiosApp[] = [];

const counters = counter.serve({
  authorize: () => true,
  input: { add: { unchecked: true } },
  presence: { unchecked: true },
  signals: { wave: { unchecked: true } },
  decide: { add: ({ sum }, { by }) => (sum + by > 1_000 ? refuse("TOO_MUCH", { left: 1_000 - sum }) : accept({ by }, { sum: sum + by })) },
  questions: { double: ({ sum }) => sum * 2 },
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.stop({ deadlineMs: 500 })));
});

function createApp(url: string, options: AppOptions = {}): NexiosApp {
  const app = new NexiosApp({ env: { DATABASE_URL: url }, ...options });
  apps.push(app);
  return app;
}

async function sumOf(app: NexiosApp): Promise<number> {
  return (await app.room(counter, { id: "1" }).state()).sum;
}

test("what a durable room accepted is in the database that DATABASE_URL names, and there after a restart", async () => {
  const url = await postgres.newUrl();
  const app = createApp(url).add(counters);
  await app.start();
  const outcome = await app.room(counter, { id: "1" }).call("add", { by: 5 });
  await app.stop();

  const next = createApp("", { rooms: { databaseUrl: url } }).add(counters);
  await next.start();

  expect(outcome).toMatchObject({ kind: "accepted", kept: "stored" });
  expect([await sumOf(next), await postgres.sql(url, `select name, "offset"::int as entries from nexios_room where position > 0`)]).toEqual([
    5,
    [{ name: "counter/1", entries: 1 }],
  ]);
});

test("two apps on one database decide in one order, and each hears by NOTIFY what the other has decided", async () => {
  const url = await postgres.newUrl();
  const [one, other] = [0, 1].map(() => createApp(url, { broker: createNotifyBroker({ url }) }).add(counters));
  await Promise.all([one!.start(), other!.start()]);

  const outcomes = await Promise.all(
    Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? one! : other!).room(counter, { id: "1" }).call("add", { by: 100 })),
  );

  expect(outcomes.filter(({ kind }) => kind === "accepted").length).toBe(10);
  await vi.waitFor(async () => expect([await sumOf(one!), await sumOf(other!)]).toEqual([1_000, 1_000]));
});

test("a broker and volatile rooms do not go together: their logs would belong to one process each", async () => {
  const url = await postgres.newUrl();
  const note = defineRoom("note/{id}", {
    log: "volatile",
    entry: type<{ readonly by: number }>(),
    state: type<{ readonly sum: number }>(),
  }).fold({ sum: 0 }, ({ sum }, { by }) => ({ sum: sum + by }));
  const app = createApp(url, { broker: createNotifyBroker({ url }) }).add(note.serve({ authorize: () => true, decide: {} }));

  await expect(app.start()).rejects.toThrow(/volatile.*REDIS_URL/);
});

test("a database of another kind is refused at the start", async () => {
  const app = createApp("mysql://localhost/shop").add(counters);

  await expect(app.start()).rejects.toThrow(/postgres:\/\//);
});

test("a database that is not there is told as such, and the app starts when it is", async () => {
  const url = await postgres.newUrl();
  const app = createApp(url).add(counters);
  await postgres.server.stop();

  await expect(app.start()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await postgres.server.start();
  await app.start();

  expect(await sumOf(app)).toBe(0);
});

test("an event is handled by one of the apps on its database, once, with what the handler writes", async () => {
  const url = await postgres.newUrl();
  const placed = defineEvent("order.placed", { payload: type<{ readonly id: string }>(), key: ({ id }) => id });
  const migrations = [{ number: 1, name: "mail", sql: "create table mail (id text)" }];
  const handle = defineSubscription(
    "mail",
    placed,
    async ({ id }, { transaction }) => {
      await transaction(async (tx) => void (await tx.query("insert into mail (id) values (?)", [id])));
    },
    { from: "start" },
  );
  const [one, other] = [0, 1].map(() => createApp(url).add(handle));
  for (const app of [one!, other!]) app.store.migrate(migrations);
  await Promise.all([one!.start(), other!.start()]);

  for (let index = 0; index < 20; index++) await (index % 2 === 0 ? one! : other!).store.transaction((tx) => tx.emit(placed, { id: `${index}` }));

  await vi.waitFor(async () => expect((await one!.store.query("select count(*) as mails from mail")).rows).toEqual([{ mails: 20 }]), { timeout: 10_000 });
  expect((await one!.store.query("select count(distinct id) as mails from mail")).rows).toEqual([{ mails: 20 }]);
});

test("what runs outside of a transaction reads, and can't write", async () => {
  const app = createApp(await postgres.newUrl());
  app.store.migrate([{ number: 1, name: "words", sql: "create table word (text text)" }]);
  await app.start();

  await expect(app.store.query("insert into word values ('one')")).rejects.toMatchObject({ code: "25006" });
});
