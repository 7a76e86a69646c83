import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import type { Batch, Head, Outcome } from "../log/log.ts";
import { SqliteLog } from "./sqlite-log.ts";

const room = "room/1";
const folder = mkdtempSync(join(tmpdir(), "nexios-rows-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newFile(): string {
  return join(folder, `${files++}.db`);
}

function open(file: string): Promise<SqliteLog> {
  return SqliteLog.open({ file, synchronous: "normal", now: () => 1_000, newEpoch: () => "epoch" });
}

/** By another connection, past all checks. */
function change(file: string, sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

async function write(log: SqliteLog, name: string, batch: Partial<Batch> = {}): Promise<Head> {
  const { head } = await log.append({ room: name, from: await log.head(name), keys: [] }, ({ head: { version, callsSince } }) => ({
    entries: [],
    outcomes: [],
    erase: [],
    version,
    wakeAt: 500,
    callsSince,
    ...batch,
  }));
  return head;
}

function outcome(key: string): Outcome {
  return { key, inputHash: "hash", at: 1_000, bytes: Uint8Array.of(1), keepUntil: undefined };
}

/** A log with two outcomes and a checkpoint, after a change of its file. */
async function openChanged(sql: string): Promise<SqliteLog> {
  const file = newFile();
  const log = await open(file);
  const bytes = Uint8Array.of(1);
  const entry = { at: 1, author: "ann", callId: "c", version: 1, bytes, publicBytes: bytes };
  const head = await write(log, room, { entries: [entry, entry, entry], outcomes: [outcome("k1"), outcome("k2")] });
  await log.putCheckpoint(room, { ...head, bytes }, { offset: 1, position: 0 });
  await log.close();
  change(file, sql);
  return open(file);
}

test.each([
  ["holds a number that is too large to read", "wake_at = 100000000000000000"],
  ["is not what was written", "version = 2"],
])("a room whose row %s is left out where rooms are found, and says so itself", async (_what, changed) => {
  const file = newFile();
  const log = await open(file);
  for (const name of ["a", "bad", "c"]) await write(log, name);
  change(file, `update nexios_room set ${changed} where name = 'bad'`);

  const [changedRooms, due] = await Promise.all([log.changedSince(0), log.due(Number.MAX_SAFE_INTEGER, 10)]);

  expect(changedRooms.map(({ room: name }) => name)).toEqual(["a", "c"]);
  expect(due.map(({ room: name }) => name)).toEqual(["a", "c"]);
  await expect(log.head("bad")).rejects.toMatchObject({ name: "NexiosError", code: "DAMAGED" });
  await expect(write(log, "bad")).rejects.toMatchObject({ code: "DAMAGED" });
  expect((await write(log, "a")).epoch).toBe("epoch");
  await log.close();
});

test.each([
  ["is missing", "delete from nexios_outcome where key = 'k1'"],
  ["has another key", "update nexios_outcome set key = 'k3' where key = 'k1'"],
  ["has another content", "update nexios_outcome set bytes = x'02' where key = 'k1'"],
  ["is of another time", "update nexios_outcome set at = 1001 where key = 'k1'"],
])("where an outcome %s no call is decided", async (_what, sql) => {
  const log = await openChanged(sql);
  let decided = 0;

  const appending = log.append({ room, from: await log.head(room), keys: ["new"] }, () => void decided++);

  await expect(appending).rejects.toMatchObject({ code: "DAMAGED" });
  expect(decided).toBe(0);
  await log.close();
});

test.each([
  ["is missing", "delete from nexios_checkpoint"],
  ["has another content", "update nexios_checkpoint set bytes = x'02'"],
  ["is of another version", "update nexios_checkpoint set version = 2"],
])("a checkpoint that %s is damaged, and not none", async (_what, sql) => {
  const log = await openChanged(sql);

  await expect(log.checkpoint(room)).rejects.toMatchObject({ code: "DAMAGED" });

  await log.close();
});

test("a check of more bits than a check has is damage like any other", async () => {
  const log = await openChanged(`update nexios_entry set "check" = 1099511627776 where "offset" = 2`);

  await expect(log.read(room, 2, 10)).rejects.toMatchObject({ name: "NexiosError", code: "DAMAGED" });

  await log.close();
});

test.each([
  ["author", "author = 'bob'"],
  ["erasure", "erased = 1"],
  ["public check", "public_check = public_check + 1"],
  ["version", "version = 2"],
])("of an entry the %s is checked, kept whole or not", async (_what, changed) => {
  const log = await openChanged(`update nexios_entry set ${changed} where "offset" in (1, 3)`);

  const [alone, whole] = [log.readPublic(room, 0, 1), log.read(room, 2, 1)];

  await expect(alone).rejects.toMatchObject({ code: "DAMAGED" });
  await expect(whole).rejects.toMatchObject({ code: "DAMAGED" });
  await log.close();
});

test("a room whose name was damaged, in its row or in the index, is not taken for one that never was", async () => {
  const file = newFile();
  const log = await open(file);
  await write(log, room);
  await log.close();
  const bytes = readFileSync(file);
  const places: number[] = [];
  for (let at = bytes.indexOf(room); at >= 0; at = bytes.indexOf(room, at + 1)) places.push(at);

  expect(places.length).toBe(2);
  for (const at of places) {
    const damaged = Buffer.from(bytes);
    damaged[at]! ^= 1;
    writeFileSync(file, damaged);
    await expect(open(file)).rejects.toMatchObject({ code: "DAMAGED" });
  }
});
