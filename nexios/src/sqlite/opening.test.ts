import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { oldestVersion, schemaVersion } from "./schema.ts";
import { SqliteLog } from "./sqlite-log.ts";

const folder = mkdtempSync(join(tmpdir(), "nexios-opening-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newFile(sql = ""): string {
  const file = join(folder, `${files++}.db`);
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
  return file;
}

function open(file: string): Promise<SqliteLog> {
  return SqliteLog.open({ file, now: () => 1, newEpoch: () => "epoch" });
}

test("a second owner of one file is told that it is in use, and may have it after the first", async () => {
  const file = newFile();
  const first = await open(file);

  await expect(open(file)).rejects.toMatchObject({ code: "DATABASE_IN_USE" });
  await first.close();
  const second = await open(file);

  await second.close();
});

test.each([
  ["an older form", `create table nexios_room (id integer); pragma user_version = ${oldestVersion - 1}`],
  ["no form but our tables", "create table nexios_room (id integer)"],
])("a file of %s is refused when it is opened, with a sentence that says what to do, and stays as it is", async (_what, sql) => {
  const file = newFile(sql);

  const opening = open(file);

  await expect(opening).rejects.toMatchObject({ code: "DAMAGED", message: expect.stringContaining("start the version that made it, or move the file away") });
  const db = new DatabaseSync(file);
  expect(db.prepare("select name from sqlite_schema").all()).toEqual([{ name: "nexios_room" }]);
  expect(db.prepare("pragma journal_mode").get()).toEqual({ journal_mode: "delete" });
  db.close();
});

test("a file of a newer form is refused when it is opened", async () => {
  const opening = open(newFile(`pragma user_version = ${schemaVersion + 1}`));

  await expect(opening).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("newer version") });
});

test("a file that was refused is not held", async () => {
  const file = newFile("pragma user_version = 1");
  await expect(open(file)).rejects.toMatchObject({ code: "DAMAGED" });

  rmSync(file);
  const log = await open(file);

  await log.close();
});

test("a log may be closed twice, also at once, and then says UNAVAILABLE", async () => {
  const log = await open(newFile());

  await Promise.all([log.close(), log.close()]);
  await log.close();

  await expect(log.head("room")).rejects.toMatchObject({ name: "NexiosError", code: "UNAVAILABLE" });
  await expect(log.append({ room: "room", from: undefined, keys: [] }, () => undefined)).rejects.toMatchObject({ code: "UNAVAILABLE" });
});
