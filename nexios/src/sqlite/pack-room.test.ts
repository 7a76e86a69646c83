import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { Batch, Head, NewEntry } from "../log/log.ts";
import { selectPacks, selectRuns } from "./packs.ts";
import { SqliteLog } from "./sqlite-log.ts";

const room = "room/1";
const nothing = { offset: 0, position: 0 };
const folder = mkdtempSync(join(tmpdir(), "nexios-pack-room-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newFile(): string {
  return join(folder, `${files++}.db`);
}

function open(file: string, roomBytes = 1_000_000): Promise<SqliteLog> {
  return SqliteLog.open({ file, synchronous: "normal", now: () => 1_000, newEpoch: () => "epoch", limits: { roomBytes } });
}

function entry(text: string, shown?: string): NewEntry {
  const [bytes, publicBytes] = [text, shown].map((each) => (each === undefined ? undefined : new TextEncoder().encode(each)));
  return { at: 1, author: "ann", callId: "c", version: 1, bytes: bytes ?? new Uint8Array(), publicBytes };
}

async function append(log: SqliteLog, batch: Partial<Batch>): Promise<Head> {
  const empty = { entries: [], outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: 0 };
  return (await log.append({ room, from: await log.head(room), keys: [] }, () => ({ ...empty, ...batch }))).head;
}

async function keep(log: SqliteLog, trim = nothing): Promise<void> {
  const head = await log.head(room);
  if (head !== undefined) await log.putCheckpoint(room, { ...head, bytes: new Uint8Array() }, trim);
}

function query(file: string, sql: string, ...values: readonly number[]): readonly Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare(sql).all(...values);
  } finally {
    db.close();
  }
}

/** What the room counts, and what it has. */
const counts = `with packed as (select first_offset, last_offset, bytes from nexios_pack union all select first_offset, last_offset, bytes from nexios_run)
  select entries, bytes,
  (select count(*) from nexios_entry) + (select coalesce(sum(last_offset + 1 - first_offset), 0) from packed) as kept,
  (select coalesce(sum(length(bytes) + coalesce(length(public_bytes), 0)), 0) from nexios_entry) + (select coalesce(sum(length(bytes)), 0) from packed) as size
  from nexios_room`;

const step = fc.oneof(
  fc.record({ kind: fc.constant("append" as const), texts: fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 6 }), isKept: fc.boolean() }),
  fc.record({ kind: fc.constant("pack" as const), entries: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant("erase" as const), offsets: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 4 }) }),
  fc.record({ kind: fc.constant("trim" as const), offset: fc.nat(20), position: fc.nat(12) }),
);

test("whatever is packed, erased and trimmed, a room counts the entries that it keeps, and their bytes as they are stored", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
      const file = newFile();
      const log = await open(file);
      await append(log, { entries: Array.from({ length: 9 }, (_, index) => entry(`first ${index}`, index % 2 === 0 ? `shown ${index}` : undefined)) });
      await keep(log);
      for (const each of steps) {
        if (each.kind === "append")
          await append(log, { entries: each.texts.map((text, index) => entry(text, index % 3 === 0 ? undefined : text)), isKept: each.isKept });
        else if (each.kind === "pack") await log.pack(room, 100, each.entries);
        else if (each.kind === "erase") await append(log, { erase: each.offsets });
        else await keep(log, each);

        const [{ entries, bytes, kept, size } = {}] = query(file, counts);
        expect([entries, bytes]).toEqual([kept, size]);
      }
      await log.close();
    }),
    { numRuns: 25 },
  );
}, 120_000);

test("what is packed makes room under the limit of bytes", async () => {
  const log = await open(newFile(), 4_000);
  await append(log, { entries: Array.from({ length: 39 }, () => entry("x".repeat(100))) });
  const more = { entries: [entry("y".repeat(200))] };
  await keep(log);
  await expect(append(log, more)).rejects.toMatchObject({ code: "LIMIT" });

  await log.pack(room, 39, 30);
  const { offset } = await append(log, more);

  expect(offset).toBe(40);
  await log.close();
});

test("of packs that lie wholly behind a trim none is left, and of one that is cut the rest stands in rows", async () => {
  const file = newFile();
  const log = await open(file);
  await append(log, { entries: Array.from({ length: 12 }, (_, index) => entry(`${index + 1}`, `${index + 1}`)) });
  await keep(log);
  while (await log.pack(room, 12, 3));
  await append(log, { entries: [entry("13")] });

  await keep(log, { offset: 8, position: 4 });
  const [packs, rows] = [query(file, "select first_offset from nexios_pack"), query(file, `select "offset" from nexios_entry order by "offset"`)];

  expect(packs).toEqual([{ first_offset: 10 }]);
  expect(rows.map(({ offset }) => offset)).toEqual([5, 6, 7, 8, 9, 13]);
  await log.close();
});

test.each([
  ["packs", "offset", selectPacks.offset, "sqlite_autoindex_nexios_pack_1"],
  ["packs", "position", selectPacks.position, "nexios_pack_position"],
  ["runs", "offset", selectRuns.offset, "sqlite_autoindex_nexios_run_1"],
  ["runs", "position", selectRuns.position, "nexios_run_position"],
])("%s of a range are found by an index, counted by %s", async (_what, _by, sql, index) => {
  const file = newFile();
  await (await open(file)).close();

  const plan = query(file, `explain query plan ${sql}`, 1, 0, 256).map(({ detail }) => String(detail));

  expect(plan.join()).toMatch(new RegExp(`SEARCH nexios_(pack|run) USING INDEX ${index}`));
  expect(plan.join()).not.toMatch(/SCAN|TEMP B-TREE/);
});

test("entries of one batch of a room that keeps all stand in one row until they are packed, with their call ids", async () => {
  const file = newFile();
  const log = await open(file);
  const entries = Array.from({ length: 10 }, (_, index) => entry(`${index + 1}`, `${index + 1}`));
  await append(log, { entries, isKept: true });
  await append(log, { entries, isKept: true });
  await keep(log);

  await log.pack(room, 20, 15);
  const [runs, rows] = [query(file, "select first_offset, last_offset from nexios_run"), query(file, `select "offset" from nexios_entry order by "offset"`)];
  const kept = await log.read(room, 0, 20);

  expect(runs).toEqual([]);
  // The pack has ended within the second run.
  expect(rows.map(({ offset }) => offset)).toEqual([16, 17, 18, 19, 20]);
  expect(kept.map(({ offset, callId }) => [offset, callId])).toEqual(kept.map((_, index) => [index + 1, index < 15 ? undefined : "c"]));
  await log.close();
});

test("what a trim cuts of a run stands in rows, and of runs behind it nothing is left", async () => {
  const file = newFile();
  const log = await open(file);
  for (let batch = 0; batch < 3; batch++) await append(log, { entries: ["a", "b", "c", "d"].map((text) => entry(text, text)), isKept: true });

  await keep(log, { offset: 6, position: 6 });
  const [runs, rows] = [query(file, "select first_offset from nexios_run"), query(file, `select "offset" from nexios_entry order by "offset"`)];

  expect(runs).toEqual([{ first_offset: 9 }]);
  expect(rows.map(({ offset }) => offset)).toEqual([7, 8]);
  expect((await log.read(room, 6, 10)).length).toBe(6);
  await log.close();
});

test("reads while the writer packs give what was there, each time whole", async () => {
  const log = await open(newFile());
  const entries = Array.from({ length: 600 }, (_, index) => entry(`${index + 1}`, index % 2 === 0 ? `${index + 1}` : undefined));
  await append(log, { entries });
  await keep(log);
  const packing = { done: false };
  const packs = (async () => {
    while (await log.pack(room, 600, 20));
    packing.done = true;
  })();

  const reads = new Set<number>();
  while (!packing.done) {
    const [all, shown] = await Promise.all([log.read(room, 0, 600), log.readPublic(room, 0, 600)]);
    reads.add(all.length).add(shown.length);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await packs;

  expect([...reads]).toEqual([600, 300]);
  await log.close();
});
