import { expect, test } from "vitest";
import type { StoredEntry } from "../log/log.ts";
import { nextCheck } from "../log/seal.ts";
import { packCheck } from "../log/rows/columns.ts";
import { readPack, toPack, unpack } from "../log/rows/pack.ts";
import { selectPacks } from "./packs.ts";
import { append, change, entry, newFile, nothing, open, room } from "./damaged-file.fixture.ts";

/** Twelve entries, of which nine are in three packs. */
async function newPackedFile(): Promise<string> {
  const file = newFile();
  const log = await open(file);
  const head = await append(log, { entries: Array.from({ length: 12 }, (_, index) => entry(`entry ${index + 1}`)) });
  await log.putCheckpoint(room, { ...head, bytes: new Uint8Array() }, nothing);
  for (let packs = 0; packs < 3; packs++) expect(await log.pack(room, 9, 3)).toBe(true);
  await log.close();
  return file;
}

async function codeOf(running: Promise<unknown>): Promise<unknown> {
  return running.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

/** What each way into the second pack says. */
async function codesOf(file: string): Promise<readonly unknown[]> {
  const log = await open(file);
  const codes = [
    await codeOf(log.read(room, 3, 1)),
    await codeOf(log.readPublic(room, 4, 1)),
    await codeOf(log.readPublicBefore(room, 6, 1)),
    await codeOf(log.read(room, 0, 12)),
    await codeOf(append(log, { erase: [5] })),
  ];
  await log.close();
  return codes;
}

test.each([
  ["is missing", "delete from nexios_pack where first_offset = 4"],
  ["has another byte", "update nexios_pack set bytes = cast(substr(bytes, 1, 9) || x'00' || substr(bytes, 11) as blob) where first_offset = 4"],
  ["was cut", "update nexios_pack set bytes = substr(bytes, 1, length(bytes) - 1) where first_offset = 4"],
  ["has the content of another", "update nexios_pack set bytes = (select bytes from nexios_pack where first_offset = 7) where first_offset = 4"],
  ["begins elsewhere", "update nexios_pack set first_offset = 3 where first_offset = 4"],
  ["has another check before it", "update nexios_pack set before_check = before_check + 1 where first_offset = 4"],
  ["has other positions", "update nexios_pack set before_position = 2 where first_offset = 4"],
])("where a pack %s, nobody gets what it had", async (_what, sql) => {
  const file = await newPackedFile();
  change(file, (db) => db.exec(sql));

  expect(await codesOf(file)).toEqual(["DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED"]);
});

test("packs that were swapped are damaged, each of them", async () => {
  const file = await newPackedFile();
  change(file, (db) => {
    const rows = db.prepare("select first_offset, bytes, row_check from nexios_pack where first_offset in (4, 7)").all();
    for (const [index, row] of rows.entries()) {
      const other = rows[1 - index];
      const swap = db.prepare("update nexios_pack set bytes = ?, row_check = ? where first_offset = ?");
      swap.run(other?.["bytes"] ?? null, other?.["row_check"] ?? null, row["first_offset"] ?? null);
    }
  });
  const log = await open(file);

  const codes = [
    await codeOf(log.read(room, 0, 3)),
    await codeOf(log.read(room, 3, 1)),
    await codeOf(log.read(room, 6, 1)),
    await codeOf(log.read(room, 10, 2)),
  ];

  expect(codes).toEqual(["nothing", "DAMAGED", "DAMAGED", "nothing"]);
  await log.close();
});

/** A pack's row, as its own check would have it after a change: what the check of a row can't tell. */
function forge(file: string, with_: (pack: ReturnType<typeof readPack>) => ReturnType<typeof readPack>): void {
  change(file, (db) => {
    const row = db.prepare(selectPacks.offset).get(1, 4, 5);
    const pack = with_(readPack(room, row ?? {}));
    const update = db.prepare("update nexios_pack set before_check = ?, last_check = ?, bytes = ?, row_check = ? where first_offset = 4");
    update.run(pack.beforeCheck, pack.lastCheck, pack.bytes, packCheck(1, pack));
  });
}

test("content that does not chain from the pack's beginning to its end is damaged, whatever the check of its row says", async () => {
  const file = await newPackedFile();
  forge(file, (pack) => {
    const entries = unpack(room, pack).map((each) => ({
      ...each,
      bytes: Uint8Array.of(1),
      public: each.public && { ...each.public, bytes: Uint8Array.of(1) },
    }));
    // Of entries whose checks can be made again none are kept.
    const made = toPack(pack.beforeCheck, chained(pack.beforeCheck, entries));
    return { ...pack, bytes: made.bytes };
  });

  expect(await codesOf(file)).toEqual(["DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED"]);
});

test("a pack that does not chain to what is before it is damaged", async () => {
  const file = await newPackedFile();
  forge(file, (pack) => toPack(1, chained(1, unpack(room, pack))));

  expect((await codesOf(file)).slice(0, 4)).toEqual(["DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED"]);
});

test("a row behind a pack that does not chain to it is damaged", async () => {
  const file = await newPackedFile();
  change(file, (db) => db.exec(`update nexios_entry set bytes = x'01' where "offset" = 10`));
  const log = await open(file);

  expect([await codeOf(log.read(room, 9, 1)), await codeOf(log.readPublic(room, 9, 1))]).toEqual(["DAMAGED", "DAMAGED"]);
  await log.close();
});

test("what is damaged is neither packed nor trimmed away as if it were whole", async () => {
  const file = await newPackedFile();
  change(file, (db) => db.exec(`update nexios_entry set bytes = x'01' where "offset" = 11; update nexios_pack set bytes = x'01' where first_offset = 4`));
  const log = await open(file);
  const head = await append(log, { entries: [entry("entry 13")] });

  expect(await codeOf(log.pack(room, 12, 3))).toBe("DAMAGED");
  expect(await codeOf(log.putCheckpoint(room, { ...head, bytes: new Uint8Array() }, { offset: 9, position: 9 }))).toBe("DAMAGED");
  expect((await log.head(room))?.firstOffset).toBe(1);
  await log.close();
});

/** The same entries with the checks that they would have behind another one. */
function chained(before: number, entries: readonly StoredEntry[]): readonly StoredEntry[] {
  let check = before;
  return entries.map((each) => {
    check = nextCheck(check, each.offset, { ...each, publicBytes: each.public?.bytes });
    return { ...each, check };
  });
}
