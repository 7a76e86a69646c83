import { afterEach, beforeEach, expect, test } from "vitest";
import { batchOf, codeOf, entry, openEntries, outcome, start } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let url: string;
let store: PostgresStore;

const open = (): Promise<PostgresStore> => PostgresStore.open({ url, now: () => start, clock: systemClock, newEpoch: () => "e" });

beforeEach(async () => {
  url = await postgres.newUrl();
  store = await open();
  const request = { room: "room", from: undefined, keys: [] };
  await store.log.append(request, ({ head }) => ({ ...batchOf(head, openEntries("abc")), outcomes: [outcome("k", "yes"), outcome("l", "no")] }));
});

afterEach(() => store.close());

/** What an append comes to that asks for a key. */
const decide = (): Promise<string> => codeOf(store.log.append({ room: "room", from: undefined, keys: ["k"] }, ({ head }) => batchOf(head, [entry("x")])));

test.each([
  ["content", "update nexios_entry set bytes = 'x' where \"offset\" = 2"],
  ["a time", 'update nexios_entry set at = at + 1 where "offset" = 2'],
  ["an author", "update nexios_entry set author = 'eve' where \"offset\" = 2"],
  ["a number too large to be ours", 'update nexios_entry set at = 9007199254740993 where "offset" = 2'],
  ["an entry that is gone", 'delete from nexios_entry where "offset" = 2'],
])("%s that is not what was written, or not there, is DAMAGED where it is read", async (_what, sql) => {
  await postgres.sql(url, sql);

  expect([await codeOf(store.log.read("room", 0, 10)), await codeOf(store.log.readPublic("room", 1, 1))]).toEqual(["DAMAGED", "DAMAGED"]);
});

test("a room whose row is not what was written is DAMAGED, and found by nobody", async () => {
  await postgres.sql(url, `update nexios_room set "offset" = 2`);

  expect([await codeOf(store.log.head("room")), await decide(), (await store.log.changedSince(0)).length]).toEqual(["DAMAGED", "DAMAGED", 0]);
  expect(await store.log.heads(["room"])).toEqual([]);
});

test.each([
  ["another one", "update nexios_outcome set input_hash = 'other' where key = 'k'"],
  ["gone", "delete from nexios_outcome where key = 'k'"],
])("an outcome that is %s is DAMAGED before the first call is decided", async (_what, sql) => {
  await postgres.sql(url, sql);

  expect(await decide()).toBe("DAMAGED");
  expect((await store.log.head("room"))?.offset).toBe(3);
});

test("two entries in one place are DAMAGED, and nothing is written", async () => {
  await postgres.sql(
    url,
    `insert into nexios_entry select room, 4, "check", at, author, call_id, version, bytes, 9, public_check, public_bytes, erased, row_check from nexios_entry where "offset" = 3`,
  );

  expect(await decide()).toBe("DAMAGED");
  expect((await store.log.head("room"))?.offset).toBe(3);
});

test("a transaction that appends where an entry stands already is DAMAGED, and nothing of it is there, in none of its logs", async () => {
  await postgres.sql(
    url,
    `insert into nexios_entry select room, 4, "check", at, author, call_id, version, bytes, 9, public_check, public_bytes, erased, row_check from nexios_entry where "offset" = 3`,
  );

  const code = await codeOf(
    store.transaction(async (tx) => {
      for (const log of ["room", "zoo", "zoo/1"]) tx.append(log, entry("x"));
    }),
  );

  expect([code, (await store.log.head("room"))?.offset, await store.log.head("zoo")]).toEqual(["DAMAGED", 3, undefined]);
});
