import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SqliteStore } from "./sqlite-store.ts";

let folder: string;
let store: SqliteStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-guard-"));
  store = await SqliteStore.open({
    now: () => 1_000,
    file: join(folder, "own.db"),
    synchronous: "normal",
    newEpoch: () => "epoch",
    after: () => () => undefined,
  });
  await store.transaction((tx) => tx.query("create table word (id integer primary key, text text)"));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

async function words(): Promise<readonly unknown[]> {
  return (await store.query("select text from word order by id")).rows.map(({ text }) => text);
}

/** By which code a statement is refused in a transaction that goes on, and ends well. */
async function codeOf(sql: string): Promise<unknown> {
  let code: unknown = "nothing";
  await store.transaction(async (tx) => {
    await tx.query("insert into word (text) values ('before')");
    await tx.query(sql).catch((error: { readonly code: string }) => (code = error.code));
    await tx.query("insert into word (text) values ('after')");
  });
  return code;
}

test.each([
  "commit",
  "/* x */ commit",
  "-- x\ncommit",
  ";commit",
  "end",
  "rollback",
  "begin",
  "/*x*/pragma writable_schema = 1",
  "attach 'other.db' as other",
  "select 1; commit",
])("a transaction goes on, whatever would end it: %j", async (sql) => {
  expect([await codeOf(sql), await words()]).toEqual(["INVALID_MESSAGE", ["before", "after"]]);
});

test.each([
  "insert into nexios_room (name) values ('x')",
  "update NEXIOS_entry set bytes = x''",
  "delete from nexios_outcome",
  "drop table nexios_reading",
  "alter table nexios_room add column own text",
  "create index own on nexios_entry (at)",
  "create trigger own after insert on nexios_entry begin delete from word; end",
  "create temp trigger own after insert on nexios_entry begin delete from word; end",
  "create table nexios_own (id integer)",
])("what is the framework's is not changed: %s", async (sql) => {
  expect([await codeOf(sql), await words()]).toEqual(["INVALID_MESSAGE", ["before", "after"]]);
});

test("what tells of tables, and savepoints, are an application's", async () => {
  const { rows } = await store.query("select name from pragma_table_info('word')");
  await store.transaction(async (tx) => {
    await tx.query("savepoint one");
    await tx.query("insert into word (text) values ('gone')");
    await tx.query("rollback to one");
    await tx.query("insert into word (text) values ('kept')");
  });

  expect([rows.map(({ name }) => name), await words()]).toEqual([["id", "text"], ["kept"]]);
});

test("an id that is larger than a number holds comes as a bigint, and nobody notices anything", async () => {
  const large = 1_152_921_504_606_846_977n;

  const { value } = await store.transaction(async (tx) => [
    (await tx.query("insert into word (id, text) values (?, 'large')", [large])).lastId,
    (await tx.query("select id from word")).rows,
    (await tx.query("select count(*) as count from word")).rows,
  ]);
  await store.transaction((tx) => tx.query("update word set text = 'still there'"));

  expect(value).toEqual([large, [{ id: large }], [{ count: 1 }]]);
  expect(await words()).toEqual(["still there"]);
});

test.each(["begin", "/**/ begin", "pragma query_only = 0"])("what is asked outside of a transaction begins none: %s", async (sql) => {
  await expect(store.query(sql)).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  await store.transaction((tx) => tx.query("insert into word (text) values ('seen')"));

  expect(await words()).toEqual(["seen"]);
});

test.each(["select 1 as one; -- a comment\n /* and one more", "select 1 as one ;; -- x\n/* y */ ;", `select 1 as one; ${"/**/".repeat(1_000)}`])(
  "comments behind a statement are none",
  async (sql) => {
    expect((await store.query(sql)).rows).toEqual([{ one: 1 }]);
  },
);
