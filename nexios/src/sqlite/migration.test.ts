import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import type { Batch, NewEntry } from "../log/log.ts";
import { oldestVersion } from "./schema.ts";
import { SqliteLog } from "./sqlite-log.ts";

const room = "room/1";
const folder = mkdtempSync(join(tmpdir(), "nexios-migration-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A room as it was written in the oldest form, when call ids were a part of its running checks. */
const formerRows = `
  insert into room ("id", "name", "epoch", "offset", "check", "position", "public_check", "version", "calls_since", "wake_at", "first_offset", "first_position", "trimmed_check", "trimmed_public_check", "changed_at", "entries", "bytes", "outcomes", "outcome_bytes", "outcome_checks", "checkpoint", "row_check") values (1, 'room/1', 'epoch', 4, 2071746084, 2, 3538573363, 1, 0, null, 1, 1, 0, 0, 1000, 4, 5, 0, 0, 0, 4, 3729220972);
  insert into entry ("room", "offset", "check", "at", "author", "call_id", "version", "bytes", "position", "public_check", "public_bytes", "erased", "row_check") values (1, 1, 4229743627, 1000, 'ann', 'call-a', 1, x'61', 1, 3904355907, null, 0, 2597577487);
  insert into entry ("room", "offset", "check", "at", "author", "call_id", "version", "bytes", "position", "public_check", "public_bytes", "erased", "row_check") values (1, 2, 3255964014, 1000, 'ann', 'call-b', 1, x'62', null, null, null, 0, 1205256525);
  insert into entry ("room", "offset", "check", "at", "author", "call_id", "version", "bytes", "position", "public_check", "public_bytes", "erased", "row_check") values (1, 3, 3669842892, 1000, 'ann', 'call-c', 1, x'63', 2, 3538573363, x'43', 0, 1065271652);
  insert into entry ("room", "offset", "check", "at", "author", "call_id", "version", "bytes", "position", "public_check", "public_bytes", "erased", "row_check") values (1, 4, 2071746084, 1000, null, null, 1, x'64', null, null, null, 0, 745688926);
  insert into checkpoint ("room", "epoch", "offset", "check", "position", "public_check", "version", "bytes", "row_check") values (1, 'epoch', 4, 2071746084, 2, 3538573363, 1, x'01', 290172161);
`;

const indexes = [
  "room (wake_at) where wake_at is not null",
  "room (changed_at)",
  "entry (room, position) where position is not null",
  "outcome (room, at) where keep_until is null",
  "outcome (room, at) where keep_until is not null",
  "outcome (room, keep_until) where keep_until is not null",
  "pack (room, last_position, before_position)",
];
const formerIndexes = ["room_wake", "room_changed", "entry_position", "outcome_age", "outcome_ending_age", "outcome_end", "pack_position"];
const formerTables = `
  ${["subscription", "reading", "dead_letter", "migration"].map((table) => `drop table nexios_${table};`).join(" ")}
  ${["room", "entry", "outcome", "checkpoint", "pack"].map((table) => `alter table nexios_${table} rename to ${table};`).join(" ")}
  ${formerIndexes.map((name, index) => `drop index nexios_${name}; create index ${name} on ${indexes[index]};`).join(" ")}
  drop table nexios_run;
`;

/** A file of the oldest form: its tables had other names, and there were neither subscriptions nor runs. */
async function newFormerFile(): Promise<string> {
  const file = join(folder, `${files++}.db`);
  await (await open(file)).close();
  const db = new DatabaseSync(file);
  db.exec(`${formerTables} ${formerRows} pragma user_version = ${oldestVersion}`);
  db.close();
  return file;
}

function open(file: string): Promise<SqliteLog> {
  return SqliteLog.open({ file, synchronous: "normal", now: () => 1_000, newEpoch: () => "epoch" });
}

async function append(log: SqliteLog, batch: Partial<Batch>): Promise<void> {
  const nothing = { entries: [], outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 };
  await log.append({ room, from: await log.head(room), keys: [] }, () => ({ ...nothing, ...batch }));
}

function letter(code: number): NewEntry {
  return { at: 1, author: "bob", callId: "new", version: 1, bytes: Uint8Array.of(code), publicBytes: Uint8Array.of(code) };
}

function textOf({ bytes }: { readonly bytes: Uint8Array }): string {
  return new TextDecoder().decode(bytes);
}

test("a file of the oldest form is brought to this one when it is opened, with all that it has", async () => {
  const file = await newFormerFile();

  const log = await open(file);
  const entries = await log.read(room, 0, 10);

  expect(entries.map(({ callId, check, ...entry }) => [textOf(entry), callId, check])).toEqual([
    ["a", "call-a", 4_229_743_627],
    ["b", "call-b", 3_255_964_014],
    ["c", "call-c", 3_669_842_892],
    ["d", undefined, 2_071_746_084],
  ]);
  expect((await log.readPublic(room, 0, 10)).map(textOf)).toEqual(["a", "C"]);
  await log.close();
  const again = await open(file);
  expect(await again.read(room, 0, 10)).toEqual(entries);
  await again.close();
});

test("a file of the form before has no runs, and gets them", async () => {
  const file = join(folder, `${files++}.db`);
  const first = await open(file);
  await append(first, { entries: [letter(97), letter(98)] });
  await first.close();
  const db = new DatabaseSync(file);
  db.exec("drop table nexios_run; pragma user_version = 4");
  db.close();

  const log = await open(file);
  await append(log, { entries: [99, 100, 101, 102].map(letter), isKept: true });

  expect((await log.read(room, 0, 10)).map(textOf)).toEqual(["a", "b", "c", "d", "e", "f"]);
  await log.close();
});

test("entries of the oldest form are packed, and keep their checks", async () => {
  const log = await open(await newFormerFile());
  await append(log, { entries: [letter(101)] });
  const head = await log.head(room);
  await log.putCheckpoint(room, { ...head!, bytes: new Uint8Array() }, { offset: 0, position: 0 });
  const [entries, shown] = [await log.read(room, 0, 10), await log.readPublic(room, 0, 10)];

  const isPacked = await log.pack(room, 5, 5);
  await append(log, { erase: [2] });

  expect(isPacked).toBe(true);
  expect(await log.read(room, 0, 10)).toEqual(
    entries.map((entry) => ({ ...entry, callId: undefined, ...(entry.offset === 2 && { bytes: new Uint8Array(), erased: true }) })),
  );
  expect(await log.readPublic(room, 0, 10)).toEqual(shown.map((entry) => ({ ...entry, callId: undefined })));
  await log.close();
});

test("of an entry of the oldest form the call id is still checked", async () => {
  const file = await newFormerFile();
  const db = new DatabaseSync(file);
  db.exec(`update entry set call_id = 'call-x' where "offset" = 2`);
  db.close();

  const log = await open(file);

  await expect(log.read(room, 0, 10)).rejects.toMatchObject({ code: "DAMAGED" });
  await log.close();
});
