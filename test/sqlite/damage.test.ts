import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Trim } from "../../nexios/src/log/log.ts";
import { SqliteLog } from "../../nexios/src/sqlite/sqlite-log.ts";

const entries = 30;
const room = "room/1";
const folder = mkdtempSync(join(tmpdir(), "nexios-damage-"));
const [database, wal] = [join(folder, "log.db"), join(folder, "log.db-wal")];

function open(file: string): Promise<SqliteLog> {
  return SqliteLog.open({ file, now: () => 1, newEpoch: () => "epoch" });
}

beforeAll(async () => {
  const living = join(folder, "living.db");
  const log = await open(living);
  for (let index = 0; index < entries; index++) {
    await log.append({ room, from: undefined, keys: [] }, ({ head }) => {
      const bytes = new TextEncoder().encode(`entry ${index} ${"x".repeat(100)}`);
      const entry = { at: index, author: "ann", callId: `c${index}`, version: 1, bytes, publicBytes: bytes };
      return { entries: [entry], outcomes: [], erase: [], version: 1, wakeAt: undefined, callsSince: head.callsSince };
    });
  }
  // As a kill leaves it: everything is still in the write-ahead log.
  cpSync(living, database);
  cpSync(`${living}-wal`, wal);
  await log.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What a log gives after damage: the texts of its entries, or the code of its loud stop. */
async function reopen(damage: (bytes: Buffer) => Buffer, target: "db" | "wal"): Promise<readonly string[] | string> {
  const trial = mkdtempSync(join(folder, "trial-"));
  const file = join(trial, "log.db");
  writeFileSync(file, target === "db" ? damage(readFileSync(database)) : readFileSync(database));
  writeFileSync(`${file}-wal`, target === "wal" ? damage(readFileSync(wal)) : readFileSync(wal));
  try {
    const log = await open(file);
    try {
      const texts = (await log.read(room, 0, 1_000)).map(({ bytes }) => new TextDecoder().decode(bytes));
      const publicTexts = (await log.readPublic(room, 0, 1_000)).map(({ bytes }) => new TextDecoder().decode(bytes));
      expect(publicTexts).toEqual(texts);
      return texts;
    } finally {
      await log.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(error.code);
    throw error;
  } finally {
    rmSync(trial, { recursive: true });
  }
}

function isPrefixOrLoud(result: readonly string[] | string): boolean {
  if (typeof result === "string") return result === "DAMAGED" || result === "UNAVAILABLE";
  return result.every((text, index) => text.startsWith(`entry ${index} x`) && text.length === `entry ${index} `.length + 100);
}

test("undamaged, all of it is read", async () => {
  const result = await reopen((bytes) => bytes, "wal");

  expect(result).toHaveLength(entries);
});

test("a write-ahead log that was cut anywhere gives a correct prefix, or a loud stop", async () => {
  const size = readFileSync(wal).length;

  for (let at = 0; at < size; at += Math.ceil(size / 100))
    expect(isPrefixOrLoud(await reopen((bytes) => bytes.subarray(0, at), "wal")), `cut at ${at}`).toBe(true);
}, 600_000);

test("a bit that was flipped anywhere in the write-ahead log gives a correct prefix, or a loud stop", async () => {
  const size = readFileSync(wal).length;

  for (let at = 0; at < size; at += Math.ceil(size / 100)) {
    const result = await reopen((bytes) => {
      bytes[at]! ^= 1 << (at % 8);
      return bytes;
    }, "wal");
    expect(isPrefixOrLoud(result), `flipped at ${at}: ${JSON.stringify(result).slice(0, 200)}`).toBe(true);
  }
}, 600_000);

/** The log, trimmed as asked for, after a bit was flipped wherever a text stands in the database. */
async function openFlipped(text: string, trim: Trim | undefined): Promise<SqliteLog> {
  const file = join(mkdtempSync(join(folder, "main-")), "log.db");
  cpSync(database, file);
  cpSync(wal, `${file}-wal`);
  const log = await open(file);
  const head = await log.head(room);
  if (head !== undefined && trim !== undefined) await log.putCheckpoint(room, { ...head, bytes: new Uint8Array() }, trim);
  // Closing moves everything into the database.
  await log.close();
  const bytes = readFileSync(file);
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at)) bytes[at]! ^= 1;
  writeFileSync(file, bytes);
  return open(file);
}

test("a bit that was flipped in the content of an entry in the database itself is found", async () => {
  const log = await openFlipped("entry 17 x", undefined);

  const reading = log.read(room, 0, 1_000);

  await expect(reading).rejects.toMatchObject({ code: "DAMAGED" });
  await log.close();
});

// Offsets begin at 1 and texts at 0: public parts alone are kept of "entry 10" to "entry 19".
const trim = { offset: 20, position: 10 };

test.each(["entry 10 x", "entry 15 x", "entry 19 x", "entry 20 x", "entry 29 x"])(
  "in a trimmed log a bit that was flipped in a public part is found, kept whole or not: %s",
  async (text) => {
    const log = await openFlipped(text, trim);

    const readings = [log.readPublic(room, 10, 1_000), log.readPublicBefore(room, 1_000, 1_000)];

    for (const reading of readings) await expect(reading).rejects.toMatchObject({ code: "DAMAGED" });
    await log.close();
  },
);

test("in a trimmed log a bit that was flipped in the first whole entry is found", async () => {
  const log = await openFlipped("entry 20 x", trim);

  const reading = log.read(room, 20, 1_000);

  await expect(reading).rejects.toMatchObject({ code: "DAMAGED" });
  await log.close();
});

test("in a trimmed log what is undamaged is read past the damage", async () => {
  const log = await openFlipped("entry 15 x", trim);

  const [before, after, whole] = await Promise.all([log.readPublic(room, 10, 5), log.readPublic(room, 16, 1_000), log.read(room, 20, 1_000)]);

  expect([before.length, after.length, whole.length]).toEqual([5, 14, 10]);
  await log.close();
});
