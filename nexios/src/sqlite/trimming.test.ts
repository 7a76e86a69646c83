import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, expect, test } from "vitest";
import type { Checkpoint, Head, NewEntry, PublicEntry } from "../log/log.ts";
import { selectPublicEntries } from "./ranges.ts";
import { SqliteLog } from "./sqlite-log.ts";

const room = "room/1";
const folder = mkdtempSync(join(tmpdir(), "nexios-trim-"));
let files = 0;
const logs = new Set<SqliteLog>();

afterEach(async () => {
  for (const log of logs) await close(log);
});
afterAll(() => rmSync(folder, { recursive: true }));

function newFile(): string {
  return join(folder, `${files++}.db`);
}

async function open(file: string): Promise<SqliteLog> {
  const log = await SqliteLog.open({ file, synchronous: "normal", now: () => 1, newEpoch: () => "epoch" });
  logs.add(log);
  return log;
}

async function close(log: SqliteLog): Promise<void> {
  logs.delete(log);
  await log.close();
}

function entry(text: string, shown?: string): NewEntry {
  const [bytes, publicBytes] = [text, shown].map((each) => (each === undefined ? undefined : new TextEncoder().encode(each)));
  return { at: 1, author: "ann", callId: "c", version: 1, bytes: bytes ?? new Uint8Array(), publicBytes };
}

async function append(log: SqliteLog, entries: readonly NewEntry[]): Promise<Head> {
  const batch = { entries, outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 1 };
  return (await log.append({ room, from: await log.head(room), keys: [] }, () => batch)).head;
}

function checkpointAt(head: Head): Checkpoint {
  return { ...head, bytes: new Uint8Array() };
}

function textOf({ bytes }: Pick<PublicEntry, "bytes">): string {
  return new TextDecoder().decode(bytes);
}

/** What stands in the file. */
function rowsOf(file: string, sql: string, ...values: readonly (string | number)[]): readonly (readonly unknown[])[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db
      .prepare(sql)
      .all(...values)
      .map((row) => Object.values(row).map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value)));
  } finally {
    db.close();
  }
}

test("after it was opened again, a log gives what was kept of its past, and goes on", async () => {
  const file = newFile();
  const log = await open(file);
  const head = await append(log, [entry("a", "A"), entry("hidden"), entry("b", "B"), entry("c", "c"), entry("d", "D")]);
  await log.putCheckpoint(room, checkpointAt(head), { offset: 4, position: 1 });
  const before = await log.readPublic(room, 1, 10);

  await close(log);
  const again = await open(file);
  const after = await again.readPublic(room, 1, 10);
  const next = await append(again, [entry("e", "E")]);

  expect(after).toEqual(before);
  expect(after.map(textOf)).toEqual(["B", "c", "D"]);
  expect((await again.read(room, 4, 10)).map(textOf)).toEqual(["d", "e"]);
  expect([next.firstOffset, next.firstPosition, next.offset, next.position]).toEqual([5, 2, 6, 5]);
  await expect(again.read(room, 3, 10)).rejects.toMatchObject({ code: "GAP" });
});

test("of an entry that is no longer kept whole the file keeps the public part alone, once", async () => {
  const file = newFile();
  const log = await open(file);
  const head = await append(log, [entry("secret 1", "A"), entry("secret 2"), entry("open", "open"), entry("secret 3", "B")]);

  await log.putCheckpoint(room, checkpointAt(head), { offset: 3, position: 0 });
  const rows = rowsOf(file, `select "offset", bytes, public_bytes from nexios_entry order by "offset"`);

  expect(rows).toEqual([
    [1, "A", null],
    [3, "open", null],
    [4, "secret 3", "B"],
  ]);
  expect(rowsOf(file, "select entries, bytes from nexios_room")).toEqual([[3, 14]]);
});

test("what a later trim lets go of public parts, that stood alone already, leaves the file", async () => {
  const file = newFile();
  const log = await open(file);
  const first = await append(log, [entry("secret 1", "A"), entry("secret 2", "B"), entry("secret 3", "C")]);
  await log.putCheckpoint(room, checkpointAt(first), { offset: 2, position: 0 });
  const second = await append(log, [entry("secret 4"), entry("secret 5", "D")]);

  await log.putCheckpoint(room, checkpointAt(second), { offset: 4, position: 1 });
  const rows = rowsOf(file, `select "offset", bytes, public_bytes from nexios_entry order by "offset"`);

  expect(rows).toEqual([
    [2, "B", null],
    [3, "C", null],
    [5, "secret 5", "D"],
  ]);
  expect(rowsOf(file, "select entries, bytes from nexios_room")).toEqual([[3, 11]]);
});

test("a range of public entries is a range of their index", async () => {
  const file = newFile();
  await open(file);

  const plan = rowsOf(file, `explain query plan ${selectPublicEntries}`, 1, 0, 256).map((row) => String(row.at(-1)));

  expect(plan[0]).toContain("SEARCH e USING INDEX nexios_entry_position (room=? AND position>? AND position<?)");
  expect(plan.join()).not.toMatch(/SCAN|TEMP B-TREE/);
});

test("a read while the writer trims gives what was there, or GAP, and never half of it", async () => {
  const log = await open(newFile());
  const answers = new Set<string>();
  const look = (after: number): Promise<unknown> =>
    Promise.all([log.readPublic(room, after, 100), log.readPublicBefore(room, Infinity, 100), log.read(room, after, 100)]).then(
      () => answers.add("all"),
      (error: { code: string }) => answers.add(error.code),
    );

  for (let round = 0; round < 100; round++) {
    const head = await append(
      log,
      Array.from({ length: 50 }, () => entry("secret", "shown")),
    );
    const putting = { done: false };
    const put = log.putCheckpoint(room, checkpointAt(head), { offset: head.offset - 5, position: head.position - 20 }).finally(() => (putting.done = true));
    while (!putting.done) {
      for (let count = 0; count < 10; count++) await look(head.offset - 50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await put;
  }

  expect([...answers].toSorted()).toEqual(["GAP", "all"]);
});

test("a checkpoint that can't be written is no quiet no", async () => {
  const file = newFile();
  const log = await open(file);
  const head = await append(log, [entry("a")]);
  const other = new DatabaseSync(file);
  other.exec("drop table nexios_checkpoint");
  other.close();

  const putting = log.putCheckpoint(room, checkpointAt(head), { offset: 1, position: 0 });

  await expect(putting).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect((await log.read(room, 0, 10)).map(textOf)).toEqual(["a"]);
});
