import { afterEach, expect, test } from "vitest";
import { batchOf, codeOf, entry, start } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore } from "./postgres-store.ts";
import type { PostgresSettings } from "./settings.ts";

const postgres = usePostgres();
const open: PostgresStore[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.close()));
});

async function openWith(settings: Partial<PostgresSettings>): Promise<PostgresStore> {
  const store = await PostgresStore.open({ url: await postgres.newUrl(), now: () => start, clock: systemClock, newEpoch: () => crypto.randomUUID(), settings });
  open.push(store);
  return store;
}

test("a statement that takes longer than it may is ended, and the store goes on", async () => {
  const store = await openWith({ statementMs: 100 });

  // By the server's own code.
  expect(await codeOf(store.query("select pg_sleep(60)"))).toBe("57014");
  expect((await store.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
});

test("who waits longer for a connection than he may is told so", async () => {
  const store = await openWith({ readers: 1, connectMs: 100, statementMs: 1_000 });

  const slow = codeOf(store.query("select pg_sleep(0.5)"));
  const late = await codeOf(store.log.head("room"));

  expect([late, await slow]).toEqual(["UNAVAILABLE", "nothing"]);
});

test("rooms of which more are written to than there are connections wait for one another, and all are written", async () => {
  const store = await openWith({ writers: 2, readers: 1 });

  const written = await Promise.all(
    Array.from({ length: 50 }, (_, index) => store.log.append({ room: `room/${index}`, from: undefined, keys: [] }, ({ head }) => batchOf(head, [entry("a")]))),
  );

  expect(new Set(written.map(({ head }) => head.offset))).toEqual(new Set([1]));
  expect((await store.query("select count(*) as connections from pg_stat_activity where application_name = 'nexios'")).rows[0]?.["connections"]).toBeLessThan(
    8,
  );
});

test("a transaction with which nobody goes on is ended by the server, and others go on", async () => {
  const url = await postgres.newUrl();
  const options = { url, now: () => start, clock: systemClock, newEpoch: () => "e" };
  const [gone, other] = [
    await PostgresStore.open({ ...options, settings: { lockMs: 200 }, transactionMs: 60_000 }),
    await PostgresStore.open({ ...options, settings: { lockMs: 60_000 }, transactionMs: 60_000 }),
  ];
  open.push(gone, other);
  await other.migrate([{ number: 1, name: "words", sql: "create table word (text text); insert into word values ('one')" }]);
  const held = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();

  const holding = codeOf(
    gone.transaction(async (tx) => {
      await tx.query("update word set text = 'gone'");
      held.resolve();
      await ended.promise;
    }),
  );
  await held.promise;
  await other.transaction((tx) => tx.query("update word set text = 'two'"));
  ended.resolve();

  expect([await holding, (await other.query("select text from word")).rows]).toEqual(["UNAVAILABLE", [{ text: "two" }]]);
});
