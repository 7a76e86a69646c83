import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import type { Head, LogLimits, Outcome } from "../log/log.ts";
import { SqliteLog } from "./sqlite-log.ts";

const room = "room/1";
const folder = mkdtempSync(join(tmpdir(), "nexios-outcomes-"));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function newFile(): string {
  return join(folder, `${files++}.db`);
}

function open(file: string, limits: Partial<LogLimits> = {}): Promise<SqliteLog> {
  return SqliteLog.open({ file, synchronous: "normal", now: () => 10_000, newEpoch: () => "epoch", limits });
}

/** One a millisecond. */
function outcomes(from: number, count: number): readonly Outcome[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `k${from + index}`,
    inputHash: "h",
    at: from + index,
    bytes: new Uint8Array(),
    keepUntil: undefined,
  }));
}

async function remember(log: SqliteLog, added: readonly Outcome[], callsSince = 0): Promise<Head> {
  const batch = { entries: [], outcomes: added, erase: [], version: 1, wakeAt: undefined, callsSince };
  return (await log.append({ room, from: await log.head(room), keys: [] }, () => batch)).head;
}

async function known(log: SqliteLog, keys: readonly string[]): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await log.append({ room, from: await log.head(room), keys }, (_tail, outcomesByKey) => void (found = [...outcomesByKey.keys()]));
  return found;
}

function countOf(file: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare("select outcomes, (select count(*) from nexios_outcome) as stored from nexios_room").get();
  } finally {
    db.close();
  }
}

test("a room with many outcomes is opened again, and they are all there", async () => {
  const file = newFile();
  const first = await open(file);
  await remember(first, outcomes(0, 1_200));
  await first.close();

  const again = await open(file);
  const found = await known(again, ["k0", "k600", "k1199", "k1200"]);

  expect(found).toEqual(["k0", "k600", "k1199"]);
  await again.close();
});

test("what is over leaves the file page by page, and all at once where it would count", async () => {
  const file = newFile();
  const log = await open(file, { roomOutcomes: 1_500 });
  await remember(log, outcomes(0, 1_500));

  await remember(log, [], 1_400);
  const page = countOf(file);
  const head = await remember(log, outcomes(1_500, 1_400));

  expect(page).toEqual({ outcomes: 988, stored: 988 });
  expect([countOf(file), head.callsSince]).toEqual([{ outcomes: 1_500, stored: 1_500 }, 1_400]);
  await log.close();
});

test("more outcomes than the limit at once leave the newest", async () => {
  const file = newFile();
  const log = await open(file, { roomOutcomes: 10 });

  const head = await remember(log, outcomes(0, 1_300));

  expect([countOf(file), head.callsSince]).toEqual([{ outcomes: 10, stored: 10 }, 1_290]);
  expect(await known(log, ["k1289", "k1290", "k1299"])).toEqual(["k1290", "k1299"]);
  await log.close();
});
