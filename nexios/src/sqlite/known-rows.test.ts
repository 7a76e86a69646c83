import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Batch, Head } from "../log/log.ts";
import { SqliteLog } from "./sqlite-log.ts";

let folder: string;
let file: string;
let log: SqliteLog;
/** Where each room was left. */
let heads: Map<string, Head>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-known-"));
  file = join(folder, "nexios.db");
  heads = new Map();
  log = await open();
});

afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true });
});

function open(): Promise<SqliteLog> {
  return SqliteLog.open({ file, synchronous: "normal", now: () => 1_000, newEpoch: () => "epoch" });
}

/** By another connection, past all checks. */
function change(sql: string): void {
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
}

const bytes = Uint8Array.of(1);
const entry = { at: 1, author: "ann", callId: undefined, version: 1, bytes, publicBytes: bytes };

async function write(name: string, batch: Partial<Batch> = {}): Promise<Head> {
  const result = await log.append({ room: name, from: heads.get(name), keys: [] }, ({ head: { version, callsSince, wakeAt } }) => ({
    entries: [entry],
    outcomes: [],
    erase: [],
    version,
    wakeAt,
    callsSince,
    ...batch,
  }));
  expect(result.kind).toBe("appended");
  heads.set(name, result.head);
  return result.head;
}

test("what batches, checkpoints, trims and packs have made of a room's row is what the next of them stands on", async () => {
  for (let count = 0; count < 30; count++) await write("room/1");
  const head = await write("room/1", { wakeAt: 700, erase: [2] });
  await log.putCheckpoint("room/1", { ...head, bytes }, { offset: 5, position: 5 });
  await write("room/1");
  await log.pack("room/1", 20, 10);
  await write("room/1");
  const last = await write("room/1");
  const seen = await log.head("room/1");
  await log.close();

  log = await open();

  expect([seen, await log.head("room/1")]).toEqual([last, last]);
  expect(last).toMatchObject({ offset: 34, position: 34, firstOffset: 6, firstPosition: 6, wakeAt: 700 });
  expect((await log.read("room/1", 5, 100)).map(({ offset }) => offset)).toEqual(Array.from({ length: 29 }, (_, index) => index + 6));
  expect((await write("room/1")).offset).toBe(35);
});

test("more rooms than are kept in memory go on where they were", async () => {
  const names = Array.from({ length: 1_100 }, (_, index) => `room/${index}`);
  await Promise.all(names.map((name) => write(name)));

  const after = await Promise.all(names.map((name) => write(name)));

  expect(new Set(after.map(({ offset }) => offset))).toEqual(new Set([2]));
});

test("a row that was damaged since it was written is written anew, or told to be damaged, and nothing goes on by it", async () => {
  await write("room/1");
  await write("room/2");
  change(`update room set entries = 70, wake_at = 5 where name = 'room/1'`);
  change(`update room set row_check = row_check + 1 where name = 'room/2'`);

  const head = await write("room/1");

  expect(head).toMatchObject({ offset: 2, wakeAt: undefined });
  expect(await log.head("room/1")).toEqual(head);
  await expect(write("room/2")).rejects.toMatchObject({ code: "DAMAGED" });
  await expect(write("room/2")).rejects.toMatchObject({ code: "DAMAGED" });
});
