import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import type { Appended, Decide, Log } from "../log/log.ts";
import { batchOf, entry, outcome, start } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { startCuttingProxy } from "./cutting-proxy.fixture.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore, type PostgresStoreOptions } from "./postgres-store.ts";

const postgres = usePostgres();
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** As one process has it. */
async function open(url: string, options: Partial<PostgresStoreOptions> = {}): Promise<PostgresStore> {
  const store = await PostgresStore.open({ url, now: () => start, clock: systemClock, newEpoch: () => crypto.randomUUID(), ...options });
  closing.push(() => store.close());
  return store;
}

async function openTwo(): Promise<readonly [PostgresStore, PostgresStore]> {
  const url = await postgres.newUrl();
  return [await open(url), await open(url)];
}

function append(log: Log, room: string, decide: Decide, keys: readonly string[] = []): Promise<Appended> {
  return log.append({ room, from: undefined, keys }, decide);
}

test("of two calls that exclude each other, on two processes at the same moment, one has a result and one a refusal", async () => {
  const [one, other] = await openTwo();
  const takes = async ({ log }: PostgresStore, room: string): Promise<string> => {
    let answer = "";
    await append(log, room, ({ head, entries }) => {
      answer = entries.length === 0 ? "taken" : "refused";
      return entries.length === 0 ? batchOf(head, [entry("mine")]) : undefined;
    });
    return answer;
  };

  const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => Promise.all([takes(one, `seat/${index}`), takes(other, `seat/${index}`)])));

  expect(new Set(answers.map((pair) => pair.toSorted().join()))).toEqual(new Set(["refused,taken"]));
});

test("a caller gets what another process has appended since, before it decides", async () => {
  const [one, other] = await openTwo();
  const first = await append(one.log, "room", ({ head }) => batchOf(head, [entry("a")]));
  await append(other.log, "room", ({ head }) => batchOf(head, [entry("b"), entry("c")]));
  let seen: readonly number[] = [];

  const result = await one.log.append({ room: "room", from: first.head, keys: [] }, ({ head, entries }) => {
    seen = entries.map(({ offset }) => offset);
    return batchOf(head, [entry("d")]);
  });

  expect([seen, result.head.offset]).toEqual([[2, 3], 4]);
});

test("a tail of too many bytes is not read under the lock: the caller reads on and comes again", async () => {
  const [one, other] = await openTwo();
  const first = await append(one.log, "room", ({ head }) => batchOf(head, [entry("a")]));
  const large = Array.from({ length: 20 }, () => entry(new Uint8Array(300_000)));
  const last = await append(other.log, "room", ({ head }) => batchOf(head, large));

  const behind = await one.log.append({ room: "room", from: first.head, keys: [] }, () => undefined);
  const here = await one.log.append({ room: "room", from: last.head, keys: [] }, () => undefined);

  expect([behind.kind, here.kind]).toEqual(["behind", "appended"]);
});

test("an append whose commit was done, but whose answer was lost, has its result", async () => {
  const url = await postgres.newUrl();
  const proxy = await startCuttingProxy(url);
  closing.push(() => proxy.close());
  const store = await open(proxy.url);
  await append(store.log, "room", ({ head }) => batchOf(head, [entry("a")]));
  let decided = 0;

  const cut = proxy.cutAt("COMMIT\0");
  const result = await append(store.log, "room", ({ head }) => {
    decided++;
    return { ...batchOf(head, [entry("b")]), outcomes: [outcome("k", "yes")] };
  });
  await cut;

  expect([result.kind, result.head.offset, decided]).toEqual(["appended", 2, 1]);
  expect(await store.log.head("room")).toEqual(result.head);
});

test("an append that was cut before its commit is decided again on a new connection, and written once", async () => {
  const url = await postgres.newUrl();
  const proxy = await startCuttingProxy(url);
  closing.push(() => proxy.close());
  const store = await open(proxy.url);
  await append(store.log, "room", ({ head }) => batchOf(head, [entry("a")]));

  // The answer to the lock.
  const cut = proxy.cutAt("row_check");
  const result = await append(store.log, "room", ({ head }) => batchOf(head, [entry("b")]));
  await cut;

  expect([result.head.offset, (await store.log.read("room", 0, 10)).length]).toEqual([2, 2]);
});

test("a transaction whose commit was done, but whose answer was lost, has its result", async () => {
  const url = await postgres.newUrl();
  const proxy = await startCuttingProxy(url);
  closing.push(() => proxy.close());
  const store = await open(proxy.url);
  await store.transaction((tx) => tx.query("create table word (text text)"));
  let runs = 0;

  const cut = proxy.cutAt("COMMIT\0");
  const { value, changed } = await store.transaction(async (tx) => {
    runs++;
    await tx.query("insert into word (text) values (?)", ["one"]);
    tx.append("log/a", entry("a"));
    return "done";
  });
  await cut;

  expect([value, changed.length, runs, (await store.query("select text from word")).rows]).toEqual(["done", 1, 1, [{ text: "one" }]]);
});

test("whoever waits too long for a room that another holds is told so, and writes later", async () => {
  const url = await postgres.newUrl();
  const [holder, waiter] = [await open(url), await open(url, { settings: { lockMs: 50 } })];
  await append(holder.log, "log/a", ({ head }) => batchOf(head, [entry("a")]));
  const codes: unknown[] = [];

  // Nobody of ours holds a room for so long.
  const stranger = new Client(url);
  await stranger.connect();
  await stranger.query("begin; select * from nexios_room for update");
  codes.push(await append(waiter.log, "log/a", ({ head }) => batchOf(head, [entry("b")])).catch(({ code }: { readonly code: string }) => code));
  await stranger.query("rollback");
  await stranger.end();
  codes.push((await append(waiter.log, "log/a", ({ head }) => batchOf(head, [entry("b")]))).head.offset);

  expect(codes).toEqual(["CONFLICT", 2]);
});

test("a lease that one process has keeps the other away, also when both ask for it at the same moment", async () => {
  const [one, other] = await openTwo();
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      Promise.all([one, other].map(({ readings }) => readings.step("mail", `log/${index}`, { kind: "claim", now: start, until: start + 30_000 }))),
    ),
  );

  expect(new Set(claims.map((pair) => pair.filter((claim) => claim !== undefined).length))).toEqual(new Set([1]));
});

test("events of two processes in one log come one after the other, with each transaction's statements", async () => {
  const [one, other] = await openTwo();
  await one.transaction((tx) => tx.query("create table word (text text)"));
  const add = (store: PostgresStore, word: string): Promise<unknown> =>
    store.transaction(async (tx) => {
      await tx.query("insert into word (text) values (?)", [word]);
      tx.append("log/b", entry(word));
      tx.append("log/a", entry(word));
    });

  await Promise.all(Array.from({ length: 40 }, (_, index) => add(index % 2 === 0 ? one : other, `${index}`)));

  const logs = await Promise.all(["log/a", "log/b"].map((log) => one.log.read(log, 0, 100)));
  expect(logs.map((entries) => entries.map(({ offset }) => offset))).toEqual(Array(2).fill(Array.from({ length: 40 }, (_, index) => index + 1)));
  expect((await other.query("select count(*) as words from word")).rows).toEqual([{ words: 40 }]);
});

test("processes that start at the same moment make the tables once", async () => {
  const url = await postgres.newUrl();
  const migrations = [{ number: 1, name: "words", sql: "create table word (text text); insert into word (text) values ('one');" }];

  const stores = await Promise.all(Array.from({ length: 5 }, () => open(url, { settings: { writers: 1, readers: 1 } })));
  await Promise.all(stores.map((store) => store.migrate(migrations)));

  expect((await stores[0]?.query("select text from word"))?.rows).toEqual([{ text: "one" }]);
  expect((await stores[0]?.query("select count(*) as changes from nexios_schema"))?.rows).toEqual([{ changes: 3 }]);
});

test("a database that a newer version has made is refused", async () => {
  const url = await postgres.newUrl();
  await open(url);
  await postgres.sql(url, "insert into nexios_schema (number, name, hash, at) values (99, 'later', '', 0)");

  await expect(open(url)).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("newer version") });
});
