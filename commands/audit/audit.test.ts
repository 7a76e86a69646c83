import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NexiosApp } from "nexios";
import { auction, ebaySteps, sale } from "nexios/auction";
import { addAuctions } from "nexios/auction/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SqliteLog } from "../../nexios/src/sqlite/sqlite-log.ts";
import { startProgram } from "../../test/child-process.ts";

let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-audit-"));
  const app = new NexiosApp({ rooms: { folder } });
  addAuctions(app, { isAuctioneer: () => false });
  await app.start();
  const opensAt = Date.now();
  const room = app.room(auction, { lotId: "clock" });
  const terms = {
    kind: "english",
    title: "Clock",
    about: "",
    currency: "EUR",
    opening: 100,
    steps: ebaySteps,
    opensAt,
    closesAt: opensAt + 60_000,
    sale: { id: "main", number: 1 },
  } as const;
  await room.call("list", { terms, secret: { reserve: 200 } });
  await vi.waitUntil(async () => (await room.state()).isOpened, { timeout: 5_000 });
  for (const [id, maximum] of [
    ["ann", 300],
    ["bob", 500],
    ["bob", 900],
  ] as const)
    await room.call("bid", { maximum, currency: "EUR" }, { user: { id, name: id } });
  await room.call("pass");
  await vi.waitUntil(async () => (await app.room(sale, { saleId: "main" }).state())[0]?.closed !== undefined, { timeout: 5_000 });
  await app.stop();
});

afterEach(() => rmSync(folder, { recursive: true }));

interface Audited {
  readonly code: number;
  readonly last: unknown;
  readonly lines: readonly string[];
}

async function audit(...args: readonly string[]): Promise<Audited> {
  const program = startProgram(process.execPath, ["--conditions=source", "commands/audit.ts", ...args], { NEXIOS_DATA: folder });
  const [code] = (await once(program.child, "close")) as [number];
  // Both outputs in one list: which of them comes last is chance.
  const last = program.lines.find((line) => line.startsWith('{"lot"'));
  return { code, lines: program.lines, last: last === undefined ? undefined : JSON.parse(last) };
}

function change(sql: string): void {
  const db = new DatabaseSync(join(folder, "nexios.db"));
  db.exec(sql);
  db.close();
}

const lot = `(select id from nexios_room where name = 'auction/clock')`;

test("a lot is printed with its secrets, and its chain holds", async () => {
  const { code, last, lines } = await audit("clock");

  expect(code).toBe(0);
  expect(last).toEqual({ lot: "clock", entries: 6, ok: true, firstBad: null });
  expect(lines.join("\n")).toContain('"maximum":900');
});

test.for([
  ["an altered maximum", `update nexios_entry set bytes = cast(replace(cast(bytes as text), '"maximum":900', '"maximum":901') as blob) where room = ${lot}`, 5],
  [
    "an altered price that members see",
    `update nexios_entry set public_bytes = cast(replace(cast(public_bytes as text), '"price":325', '"price":335') as blob) where room = ${lot}`,
    4,
  ],
  ["an entry that was removed", `delete from nexios_entry where room = ${lot} and "offset" = 3`, 3],
  ["the last entry removed", `delete from nexios_entry where room = ${lot} and "offset" = 6`, 6],
  [
    "the last entry removed, and the head set back",
    `delete from nexios_entry where room = ${lot} and "offset" = 6; update nexios_room set "offset" = 5 where name = 'auction/clock'`,
    6,
  ],
  [
    "two entries swapped",
    `update nexios_entry set "offset" = 99 where room = ${lot} and "offset" = 3; update nexios_entry set "offset" = 3 where room = ${lot} and "offset" = 4; update nexios_entry set "offset" = 4 where room = ${lot} and "offset" = 99`,
    3,
  ],
  ["another time beside an entry", `update nexios_entry set at = at + 1 where room = ${lot} and "offset" = 4`, 4],
  ["another bidder beside an entry", `update nexios_entry set author = 'carl' where room = ${lot} and "offset" = 5`, 5],
  ["bytes that are no entry", `update nexios_entry set bytes = x'ff00' where room = ${lot} and "offset" = 4`, 4],
] as const)("%s is named", async ([, sql, firstBad]) => {
  change(sql);

  const { code, last } = await audit("clock");

  expect([code, last]).toMatchObject([1, { lot: "clock", ok: false, firstBad }]);
});

/** As a room does with entries that lie far back. */
async function packLot(entries: number): Promise<void> {
  const log = await SqliteLog.open({ file: join(folder, "nexios.db"), now: () => Date.now(), newEpoch: () => "none" });
  const head = await log.head("auction/clock");
  if (head !== undefined) await log.putCheckpoint("auction/clock", { ...head, bytes: new Uint8Array() }, { offset: 0, position: 0 });
  await log.pack("auction/clock", entries, entries);
  await log.close();
}

test("a lot whose old entries are packed is printed as any other", async () => {
  const before = await audit("clock");
  await packLot(4);

  const after = await audit("clock");

  expect(after.last).toEqual({ lot: "clock", entries: 6, ok: true, firstBad: null });
  expect(after.lines.toSorted()).toEqual(before.lines.toSorted());
});

test.for([
  ["altered", "update nexios_pack set bytes = cast(substr(bytes, 1, 20) || x'00' || substr(bytes, 22) as blob)"],
  ["removed", "delete from nexios_pack"],
] as const)("of a pack that was %s the first entry is named", async ([, sql]) => {
  await packLot(4);
  change(sql);

  const { code, last } = await audit("clock");

  expect([code, last]).toMatchObject([1, { ok: false, firstBad: 1 }]);
});

test("a seal on paper that is another than the close's is said", async () => {
  const { code, last } = await audit("clock", "--seal", "0".repeat(64));

  expect([code, last]).toMatchObject([1, { ok: false, firstBad: 6 }]);
});

test("the first digits of a seal are no seal, and say nothing of the lot", async () => {
  const { code, last, lines } = await audit("clock", "--seal", "0".repeat(12));

  expect(lines.join("\n")).toContain("a seal has 64 digits");
  expect([code, last]).toEqual([1, undefined]);
});

test("a lot that is not there is said in words", async () => {
  const { code, lines } = await audit("nothing");

  expect(code).toBe(1);
  expect(lines.join()).toContain('has no lot "nothing"');
});
