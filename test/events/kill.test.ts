import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { NewEntry } from "../../nexios/src/log/log.ts";
import { SqliteStore } from "../../nexios/src/sqlite/sqlite-store.ts";
import { startProgram } from "../child-process.ts";
import { createKilledApp, type Place, places } from "./killed-app.ts";

const options = { timeout: 120_000 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-killed-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** How a program ended, and what it has printed. */
async function run(program: string, ...args: readonly string[]): Promise<{ readonly signal: NodeJS.Signals | null; readonly lines: readonly string[] }> {
  const { child, ended, lines } = startProgram(process.execPath, ["--conditions=source", `test/events/${program}`, ...args]);
  await ended;
  return { signal: child.signalCode, lines };
}

/** What there is when another process has gone on where one has died. */
interface Left {
  readonly accounts: readonly unknown[];
  readonly mails: readonly unknown[];
  readonly total: unknown;
  /** What was handled outside of the store, with its id. */
  readonly printed: readonly string[];
}

async function dieAt(place: Place): Promise<Left> {
  const { signal, lines } = await run("dying-app.ts", folder, place);
  expect([signal, lines]).toEqual(["SIGKILL", []]);
  await using app = createKilledApp(folder, () => undefined);
  await app.start();
  // What was emitted by a handler is there to be handled when the handler's entry is.
  await vi.waitFor(async () => expect((await app.subscriptions.lag()).map(({ entries }) => entries)).toEqual([0, 0]), { timeout: 10_000 });
  const column = async (sql: string): Promise<readonly unknown[]> => (await app.store.query(sql)).rows.map(({ value }) => value);
  const file = join(folder, "printed");
  return {
    accounts: await column("select id as value from account"),
    mails: await column("select id as value from mail"),
    total: (await column("select mails as value from total"))[0],
    printed: existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [],
  };
}

const printed = "one as print/nexios/event/order.mailed/all/1";
const whole: Left = { accounts: ["one!"], mails: ["one"], total: 1, printed: [printed] };

test.each(places.ofTransaction)("of a transaction whose process dies %s nothing is there, and nobody hears of it", options, async (place) => {
  expect(await dieAt(place)).toEqual({ accounts: [], mails: [], total: 0, printed: [] });
});

test("of one whose process dies after its commit all is there, and is handled", options, async () => {
  expect(await dieAt(places.behindIt)).toEqual(whole);
});

test.each(places.ofHandler.slice(0, -1))("what a handler writes in its transaction is there once though its process dies %s", options, async (place) => {
  expect(await dieAt(place)).toEqual(whole);
});

test("what a handler does elsewhere is done again, under the same id, when its process dies before that is noted", options, async () => {
  expect(await dieAt("between a handler and its note")).toEqual({ ...whole, printed: [printed, printed] });
});

const entry: NewEntry = { at: 1_000, author: undefined, callId: undefined, version: 1, bytes: new Uint8Array(2), publicBytes: undefined };

function openStore(file: string): Promise<SqliteStore> {
  return SqliteStore.open({ file, now: () => 1_000, newEpoch: () => "epoch", synchronous: "normal", after: () => () => undefined });
}

/** A file with two logs, of which one is being read under a lease. */
async function prepare(file: string): Promise<void> {
  const store = await openStore(file);
  await store.migrate([
    {
      number: 1,
      name: "tables",
      sql: "create table account (name text); create table total (accounts integer); insert into total values (0);",
    },
  ]);
  await store.transaction(async (tx) => {
    tx.append("log/known", entry);
    tx.append("log/read", entry);
  });
  await store.readings.step("mail", "log/read", { kind: "claim", now: 1_000, until: 31_000 });
  await store.close();
}

async function look(file: string): Promise<object> {
  const store = await openStore(file);
  try {
    const count = async (sql: string): Promise<unknown> => (await store.query(sql)).rows[0]?.["value"];
    return {
      accounts: await count("select count(*) as value from account"),
      total: await count("select accounts as value from total"),
      known: (await store.log.read("log/known", 0, 9)).length,
      new: (await store.log.head("log/new"))?.offset ?? 0,
      read: (await store.readings.reading("mail", "log/read"))?.offset,
    };
  } finally {
    await store.close();
  }
}

test("a process that dies in place of any statement of a transaction, those of its commit included, leaves nothing of it", options, async () => {
  const nothing = { accounts: 0, total: 0, known: 1, new: 0, read: 0 };
  const all = { accounts: 1, total: 1, known: 2, new: 2, read: 1 };
  const left: object[] = [];

  for (let isThrough = false; !isThrough;) {
    const file = join(folder, `${left.length}.db`);
    await prepare(file);
    const { signal, lines } = await run("dying-writer.ts", file, String(left.length));
    isThrough = signal === null;
    expect(lines).toEqual(isThrough ? ["through"] : []);
    left.push(await look(file));
  }

  // The last but one has died behind the commit.
  expect(left.slice(0, -2)).toEqual(left.slice(2).map(() => nothing));
  expect(left.slice(-2)).toEqual([all, all]);
  expect(left.length).toBeGreaterThan(12);
});
