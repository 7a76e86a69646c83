import type { NewEntry } from "./log.ts";
import type { Store, StoreTransaction } from "./store.ts";
import { codeOf, equal, start, type SuiteCase } from "./suite/kit.ts";

/** An empty store. `late` ends the time of all transactions that are open; without it they have as much as they like. */
export interface OpenedStore {
  readonly store: Store;
  readonly late: () => void;
}

interface Bench extends OpenedStore {
  readonly words: () => Promise<readonly unknown[]>;
  readonly entries: (log: string) => Promise<readonly string[]>;
}

/** What the transactions of every store must do, in SQL that all of them speak; `mark` stands for the value of a number, from 1. The cases know no test runner. */
export function storeSuite(open: () => Promise<OpenedStore>, mark: (number: number) => string): readonly SuiteCase[] {
  const insert = `insert into word (text) values (${mark(1)})`;
  const add = (tx: StoreTransaction, word: string): Promise<unknown> => tx.query(insert, [word]);
  const test = (title: string, run: (bench: Bench) => Promise<void>): SuiteCase => ({ title, run: () => runOn(open, run) });
  return [
    test("what a transaction writes and appends is there when it has ended, all of it, and not before", async ({ store, words, entries }) => {
      const before: unknown[] = [];

      const { value, changed } = await store.transaction(async (tx) => {
        await add(tx, "one");
        tx.append("log/b", entry("b1"));
        tx.append("log/a", entry("a1"));
        tx.append("log/b", entry("b2"));
        before.push(await words(), await entries("log/b"), (await tx.query("select text from word")).rows);
        return "done";
      });

      equal(before, [[], [], [{ text: "one" }]]);
      equal(
        [value, changed.map(({ room, head }) => [room, head.offset])],
        [
          "done",
          [
            ["log/a", 1],
            ["log/b", 2],
          ],
        ],
      );
      equal([await words(), await entries("log/a"), await entries("log/b")], [["one"], ["a1"], ["b1", "b2"]]);
    }),
    test("of one that throws nothing is there", async ({ store, words, entries }) => {
      const run = store.transaction(async (tx) => {
        await add(tx, "one");
        tx.append("log/a", entry("a1"));
        throw Object.assign(new Error("no"), { code: "OWN" });
      });

      equal([await codeOf(run), await words(), await entries("log/a")], ["OWN", [], []]);
    }),
    test("a statement that fails is an error with the database's code, and the transaction goes on without it", async ({ store, words }) => {
      const codes: unknown[] = [];

      await store.transaction(async (tx) => {
        await add(tx, "one");
        codes.push(await codeOf(tx.query("insert into nowhere values (1)")));
        await add(tx, "two");
      });

      equal([typeof codes[0], codes[0] === "UNAVAILABLE", await words()], ["string", false, ["one", "two"]]);
    }),
    test("transactions come one after the other, and appends of rooms between them", async ({ store, words, entries }) => {
      const add2 = async (first: string, second: string): Promise<void> => {
        await store.transaction(async (tx) => {
          await add(tx, first);
          tx.append("log/a", entry(first));
          await add(tx, second);
        });
      };
      const append = store.log.append({ room: "room/1", from: undefined, keys: [] }, ({ head }) => ({
        entries: [entry("r1")],
        outcomes: [],
        erase: [],
        version: 1,
        wakeAt: undefined,
        callsSince: head.callsSince,
      }));

      await Promise.all([add2("a", "b"), add2("c", "d"), append, add2("e", "f")]);

      equal(await words(), ["a", "b", "c", "d", "e", "f"]);
      equal([await entries("log/a"), await entries("room/1")], [["a", "c", "e"], ["r1"]]);
    }),
    test("one that takes too long fails, nothing of it is there, and the next one goes on", async ({ store, words, late }) => {
      const codes: string[] = [];
      const run = store.transaction(async (tx) => {
        await add(tx, "one");
        late();
        codes.push(await codeOf(add(tx, "two")));
      });

      codes.push(await codeOf(run));
      await store.transaction((tx) => add(tx, "three"));

      equal([codes, await words()], [["TRANSACTION_TIMEOUT", "TRANSACTION_TIMEOUT"], ["three"]]);
    }),
    test("what comes after its end is refused", async ({ store, words }) => {
      let kept: StoreTransaction | undefined;
      await store.transaction(async (tx) => void (kept = tx));

      equal([await codeOf(kept?.query("select 1") ?? Promise.resolve()), await words()], ["CANCELLED", []]);
    }),
    test("a statement that would end it is refused, and one that is several", async ({ store, words }) => {
      const codes: string[] = [];
      await store.transaction(async (tx) => {
        for (const sql of ["commit", " ROLLBACK", "begin", "select 1; select 2"]) codes.push(await codeOf(tx.query(sql)));
        await add(tx, "one");
      });

      equal([codes, await words()], [Array(4).fill("INVALID_MESSAGE"), ["one"]]);
    }),
    test("a reading moves with it, or nothing is done when another has the lease", async ({ store, words }) => {
      const claim = async (until: number): Promise<number> => (await store.readings.step("mail", "log/a", { kind: "claim", now: start, until }))?.fence ?? 0;
      await store.transaction(async (tx) => tx.append("log/a", entry("a1")));
      const old = await claim(start);
      await store.transaction(async (tx) => {
        await add(tx, "one");
        tx.step("mail", "log/a", { kind: "advance", fence: old, offset: 1, release: false });
      });
      const reading = await store.readings.reading("mail", "log/a");
      await claim(start);
      const late = store.transaction(async (tx) => {
        await add(tx, "two");
        tx.step("mail", "log/a", { kind: "advance", fence: old, offset: 2, release: false });
      });

      equal([reading?.offset, await codeOf(late), await words()], [1, "LEASE_LOST", ["one"]]);
    }),
    test("migrations are made in their order, each once, and one with another text is refused", async ({ store }) => {
      const first = { number: 1, name: "colours", sql: "create table colour (name text); insert into colour (name) values ('red');" };
      const second = { number: 2, name: "more", sql: "insert into colour (name) values ('blue')" };
      const colours = async (): Promise<unknown> => (await store.query("select name from colour")).rows.map(({ name }) => name);

      await store.migrate([first]);
      await store.migrate([first, second]);
      await store.migrate([first, second]);

      equal(await colours(), ["red", "blue"]);
      equal(await codeOf(store.migrate([{ ...first, sql: "select 1" }, second])), "MIGRATION_CHANGED");
    }),
    test("the migrations of a named set have numbers of their own, and what was made is told", async ({ store }) => {
      const [colours, shapes] = ["colour", "shape"].map((table) => ({ number: 1, name: table, sql: `create table ${table} (name text)` }));

      const made = [await store.migrate([colours!]), await store.migrate([shapes!], "shapes"), await store.migrate([shapes!], "shapes")];

      equal(
        made.map((each) => each.map(({ name }) => name)),
        [["colour"], ["shape"], []],
      );
      equal(await codeOf(store.migrate([{ ...shapes!, sql: "select 1" }], "shapes")), "MIGRATION_CHANGED");
    }),
    test("of a migration that fails nothing is there, nor of those behind it", async ({ store }) => {
      const bad = { number: 1, name: "bad", sql: "create table colour (name text); insert into nowhere values (1);" };

      const code = await codeOf(store.migrate([bad, { number: 2, name: "good", sql: "create table shape (name text)" }]));

      const tables = await Promise.all(["colour", "shape"].map((table) => codeOf(store.query(`select * from ${table}`))));
      equal(
        [code, ...tables].filter((each) => each === "nothing"),
        [],
      );
    }),
  ];
}

function entry(text: string): NewEntry {
  return { at: start, author: undefined, callId: undefined, version: 1, bytes: new TextEncoder().encode(text), publicBytes: undefined };
}

async function runOn(open: () => Promise<OpenedStore>, run: (bench: Bench) => Promise<void>): Promise<void> {
  const opened = await open();
  const { store } = opened;
  try {
    await store.transaction((tx) => tx.query("create table word (text text)"));
    await run({
      ...opened,
      words: async () => (await store.query("select text from word")).rows.map(({ text }) => text),
      entries: async (log) => (await store.log.read(log, 0, 100)).map(({ bytes }) => new TextDecoder().decode(bytes)),
    });
  } finally {
    await store.close();
  }
}
