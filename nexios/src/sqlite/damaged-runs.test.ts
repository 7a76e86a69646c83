import { expect, test } from "vitest";
import { rowCheck } from "../log/rows/row-check.ts";
import { selectRuns } from "./packs.ts";
import { append, change, entry, newFile, nothing, open, room } from "./damaged-file.fixture.ts";

/** Fourteen entries, of which twelve are in three runs. */
async function newFileOfRuns(): Promise<string> {
  const file = newFile();
  const log = await open(file);
  for (let run = 0; run < 3; run++) await append(log, { entries: ["a", "b", "c", "d"].map((text) => entry(`${run} ${text}`)), isKept: true });
  const head = await append(log, { entries: [entry("e"), entry("f")], isKept: true });
  await log.putCheckpoint(room, { ...head, bytes: new Uint8Array() }, nothing);
  await log.close();
  return file;
}

async function codeOf(running: Promise<unknown>): Promise<unknown> {
  return running.then(
    () => "nothing",
    (error: unknown) => (error instanceof Error && "code" in error ? error.code : error),
  );
}

/** What each way into the second run says. */
async function codesOf(file: string): Promise<readonly unknown[]> {
  const log = await open(file);
  const codes = [
    await codeOf(log.read(room, 4, 1)),
    await codeOf(log.readPublic(room, 5, 1)),
    await codeOf(log.readPublicBefore(room, 8, 1)),
    await codeOf(log.read(room, 0, 14)),
    await codeOf(append(log, { erase: [6] })),
    await codeOf(log.pack(room, 14, 8)),
  ];
  await log.close();
  return codes;
}

const allDamaged = ["DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED", "DAMAGED"];

test.each([
  ["is missing", "delete from nexios_run where first_offset = 5"],
  ["has another byte", "update nexios_run set bytes = cast(substr(bytes, 1, 9) || x'00' || substr(bytes, 11) as blob) where first_offset = 5"],
  ["was cut", "update nexios_run set bytes = substr(bytes, 1, length(bytes) - 1) where first_offset = 5"],
  ["has the content of another", "update nexios_run set bytes = (select bytes from nexios_run where first_offset = 9) where first_offset = 5"],
  ["begins elsewhere", "update nexios_run set first_offset = 4 where first_offset = 5"],
  ["has another check before it", "update nexios_run set before_check = before_check + 1 where first_offset = 5"],
  ["has other positions", "update nexios_run set before_position = 3 where first_offset = 5"],
  ["has another time", "update nexios_run set at = at + 1 where first_offset = 5"],
])("where a run %s, nobody gets what it had", async (_what, sql) => {
  const file = await newFileOfRuns();
  change(file, (db) => db.exec(sql));

  expect(await codesOf(file)).toEqual(allDamaged);
});

test("content that does not chain from the run's beginning to its end is damaged, whatever the check of its row says", async () => {
  const file = await newFileOfRuns();
  change(file, (db) => {
    const row = db.prepare(selectRuns.offset).get(1, 5, 6) ?? {};
    const bytes = Uint8Array.from(row["bytes"] as Uint8Array);
    bytes[bytes.length - 1]! ^= 1;
    const values = ["room", "first_offset", "last_offset", "before_check", "last_check", "before_position", "last_position", "at"].map((name) =>
      Number(row[name]),
    );
    db.prepare("update nexios_run set bytes = ?, row_check = ? where first_offset = 5").run(bytes, rowCheck(values, bytes));
  });

  expect(await codesOf(file)).toEqual(allDamaged);
});

test("a row behind a run that does not chain to it is damaged", async () => {
  const file = await newFileOfRuns();
  change(file, (db) => db.exec(`update nexios_entry set bytes = x'01' where "offset" = 13`));
  const log = await open(file);

  expect([await codeOf(log.read(room, 12, 1)), await codeOf(log.readPublic(room, 12, 1)), await codeOf(log.read(room, 4, 4))]).toEqual([
    "DAMAGED",
    "DAMAGED",
    "nothing",
  ]);
  await log.close();
});

test("what is erased of a run has no content any more, and the others have theirs", async () => {
  const file = await newFileOfRuns();
  const log = await open(file);
  const before = await log.read(room, 0, 14);

  await append(log, { erase: [6, 9] });

  expect(await log.read(room, 0, 14)).toEqual(
    before.map((each) =>
      [6, 9].includes(each.offset)
        ? { ...each, bytes: new Uint8Array(), erased: true, public: each.public && { ...each.public, bytes: new Uint8Array() } }
        : each,
    ),
  );
  await log.close();
});
