import { expect, test } from "vitest";
import { whyNot, whyNotAny } from "./application-guard.ts";

test("a statement that would begin or end a transaction, or stay with the connection, is refused however it is written", () => {
  const statements = [
    "commit",
    " ROLLBACK;",
    "/* a */ begin",
    "-- a\nend",
    "savepoint a",
    "set search_path = b",
    "listen c",
    "prepare d as select 1",
    "discard all",
    "lock nexios_room",
  ];

  expect(statements.filter((sql) => whyNot(sql) === undefined)).toEqual([]);
});

test("tables of the framework may be read, and not changed", () => {
  const changing = [
    "delete from nexios_room",
    'update "nexios_entry" set at = 1',
    "with a as (delete from NEXIOS_outcome returning *) select * from a",
    "alter table public.nexios_room add b int",
  ];

  expect(changing.filter((sql) => whyNot(sql) === undefined)).toEqual([]);
  expect(whyNot("select count(*) from nexios_room")).toBeUndefined();
});

test("words in texts, comments and other names are nobody's", () => {
  const own = [
    "insert into word (text) values ('commit; delete from nexios_room')",
    "select 1 -- ; select 2",
    "update a set begin_at = $1",
    "set local work_mem = '1MB'",
    "select 1;",
  ];

  expect(own.map(whyNot)).toEqual(own.map(() => undefined));
});

test("of several statements the first that may not be run is told", () => {
  expect(whyNot("select 1; select 2")).toBe("A query is one statement");
  expect(whyNotAny("create table a (b text default ';'); create index c on a (b);")).toBeUndefined();
  expect(whyNotAny("create table a (b text); commit; create table d (e text)")).toContain("commit");
});
