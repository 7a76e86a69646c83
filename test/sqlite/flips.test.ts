import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Place } from "../../nexios/src/log/log.ts";
import { MemoryLog } from "../../nexios/src/log/memory-log.ts";
import { SqliteLog } from "../../nexios/src/sqlite/sqlite-log.ts";
import { type Answers, ask, codeOf, fill, isLoud, now, wrongAnswers } from "./full-log.ts";

const flips = Number(process.env["NEXIOS_FLIPS"] ?? 100);
const folder = mkdtempSync(join(tmpdir(), "nexios-flips-"));
/** As it is when it was closed, and as a kill leaves it: with all of it in the write-ahead log. */
const [closed, killed] = [join(folder, "closed.db"), join(folder, "killed.db")];
/** Where callers may stand, and what is right after each commit: what a log in memory says. */
const places = new Map<string, Place[]>();
const states: Answers[] = [];

function open(file: string): Promise<SqliteLog> {
  return SqliteLog.open({ file, now: () => now, newEpoch: () => "epoch", synchronous: "normal" });
}

function openMemory(): MemoryLog {
  return new MemoryLog({ now: () => now, newEpoch: () => "epoch" });
}

beforeAll(async () => {
  const first = openMemory();
  await fill(first, async () => {
    for (const { room, head } of await first.changedSince(0)) {
      const known = places.get(room) ?? [];
      if (known.at(-1)?.offset !== head.offset) places.set(room, [...known, { epoch: head.epoch, offset: head.offset, check: head.check }]);
    }
  });
  const oracle = openMemory();
  states.push(await ask(oracle, places));
  await fill(oracle, async () => void states.push(await ask(oracle, places)));

  const log = await open(closed);
  await fill(log, () => Promise.resolve());
  cpSync(closed, killed);
  cpSync(`${closed}-wal`, `${killed}-wal`);
  await log.close();
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** What a log answers after a bit was flipped, or the code with which it does not open. Without a place nothing is flipped. */
async function answersAfter(source: string, flipped: "" | "-wal", at?: number): Promise<Answers | string> {
  const trial = mkdtempSync(join(folder, "trial-"));
  const file = join(trial, "log.db");
  cpSync(source, file);
  if (source === killed) cpSync(`${killed}-wal`, `${file}-wal`);
  const bytes = readFileSync(`${file}${flipped}`);
  if (at !== undefined) bytes[at]! ^= 1 << (Math.floor(at / 3) % 8);
  writeFileSync(`${file}${flipped}`, bytes);
  try {
    const log = await open(file);
    const answers = await ask(log, places);
    await log.close();
    return answers;
  } catch (error) {
    return codeOf(error);
  } finally {
    rmSync(trial, { recursive: true });
  }
}

/** Places all over a file, of which most hold something: much of a small database is empty. */
function sample(bytes: Uint8Array): readonly number[] {
  const full = [...bytes.keys()].filter((at) => bytes[at] !== 0);
  const empty = [...bytes.keys()].filter((at) => bytes[at] === 0);
  const spread = (all: readonly number[], count: number): readonly number[] =>
    Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)] ?? 0);
  return [...spread(full, Math.ceil(flips * 0.9)), ...spread(empty, Math.floor(flips * 0.1))];
}

test("undamaged, both files give all that was written", async () => {
  const answers = [await answersAfter(closed, ""), await answersAfter(killed, "-wal")];

  expect(answers).toEqual([states.at(-1), states.at(-1)]);
});

test("a bit that was flipped anywhere in the database gives the right answer or a loud stop, of each question", async () => {
  const right = states.at(-1) ?? {};
  let loud = 0;

  for (const at of sample(readFileSync(closed))) {
    const answers = await answersAfter(closed, "", at);

    if (typeof answers === "string" ? isLoud(answers) : Object.values(answers).some(isLoud)) loud++;
    expect(typeof answers === "string" ? (isLoud(answers) ? [] : [answers]) : wrongAnswers(answers, right), `flipped at ${at}`).toEqual([]);
  }

  // What is flipped in the text of the schema, or in a table without rows, is often nothing to anybody.
  expect(loud).toBeGreaterThan(flips / 3);
}, 600_000);

test("a bit that was flipped anywhere in the write-ahead log gives what was right after some commit, or a loud stop", async () => {
  for (const at of sample(readFileSync(`${killed}-wal`))) {
    const answers = await answersAfter(killed, "-wal", at);

    const isRight = typeof answers === "string" ? isLoud(answers) : states.some((state) => wrongAnswers(answers, state).length === 0);
    expect(isRight, `flipped at ${at}: ${JSON.stringify(answers).slice(0, 300)}`).toBe(true);
  }
}, 600_000);
