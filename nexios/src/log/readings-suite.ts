import type { Log, Millis } from "./log.ts";
import { never, type ReadingStep, unfinished } from "./reading.ts";
import type { Reader, Readings } from "./readings.ts";
import { batchOf, equal, openEntries, start, type SuiteCase } from "./suite/kit.ts";

/** A log with the readings of it, both empty. */
interface ReadLog {
  readonly log: Log;
  readonly readings: Readings;
  close(): Promise<void>;
}

/** `now` is the store's time, which a case moves. */
export type OpenReadings = (options: { readonly now: () => Millis }) => Promise<ReadLog>;

interface Bench extends ReadLog {
  readonly clock: { now: Millis };
  /** Appends one entry for each letter. */
  readonly append: (log: string, letters: string) => Promise<void>;
  /** Does a step that must be done. */
  readonly step: (log: string, step: ReadingStep) => Promise<number>;
}

const mail: Reader = { name: "mail", prefix: "order/", from: 0 };
const far = start + 60_000;

/** What the readings of every store must do. The cases know no test runner. */
export function readingsSuite(open: OpenReadings): readonly SuiteCase[] {
  const test = (title: string, run: (bench: Bench) => Promise<void>): SuiteCase => ({ title, run: () => runOn(open, run) });
  return [
    test("a subscription from a time on has all logs of its prefix before it, in the order of their names, page by page", async ({ readings, append }) => {
      for (const log of ["order/b", "order/a", "other/a", "order/c", "orders/a"]) await append(log, "x");

      equal(await readings.register(mail), { since: 0 });

      equal(await readings.behind(mail, start, "", 2), ["order/a", "order/b"]);
      equal(await readings.behind(mail, start, "order/b", 2), ["order/c"]);
    }),
    test("one that begins now has read what is there, and is behind with what comes, in logs that are there and in new ones", async ({ readings, append }) => {
      await append("order/a", "xy");
      await append("order/b", "x");
      await readings.register({ ...mail, from: "now" });
      const before = await readings.behind(mail, start, "", 9);

      await append("order/a", "z");
      await append("order/c", "x");

      equal(before, []);
      equal((await readings.reading("mail", "order/a"))?.offset, 2);
      equal(await readings.behind(mail, start, "", 9), ["order/a", "order/c"]);
    }),
    test("where it began stays, whatever is said of it later", async ({ readings, append }) => {
      await append("order/a", "xyz");
      await readings.register({ ...mail, from: start });

      equal(await readings.register({ ...mail, from: 5, after: new Map([["order/a", 2]]) }), { since: start });
      equal((await readings.reading("mail", "order/a"))?.offset ?? 0, 0);
    }),
    test("one that begins behind an offset of some logs reads these from there, behind their end where it is beyond it, and the others as it says", async ({
      readings,
      append,
    }) => {
      for (const log of ["order/a", "order/b", "order/c", "order/e"]) await append(log, "xyz");
      const after = new Map([
        ["order/a", 1],
        ["order/b", 9],
        ["order/d", 5],
        ["order/e", 0],
      ]);
      const offsetsOf = async (name: string): Promise<readonly number[]> =>
        Promise.all(["a", "b", "c", "d", "e"].map(async (log) => (await readings.reading(name, `order/${log}`))?.offset ?? 0));

      await readings.register({ ...mail, from: "now", after });
      await readings.register({ ...mail, name: "print", from: 0, after });

      equal(
        [await offsetsOf("mail"), await offsetsOf("print")],
        [
          [1, 3, 3, 0, 0],
          [1, 3, 0, 0, 0],
        ],
      );
      equal(await readings.behind(mail, start, "", 9), ["order/a", "order/e"]);
      equal(await readings.behind({ ...mail, name: "print" }, start, "", 9), ["order/a", "order/c", "order/e"]);
      await append("order/b", "x");
      await append("order/d", "x");
      equal(await readings.behind(mail, start, "", 9), ["order/a", "order/b", "order/d", "order/e"]);
    }),
    test("a lease keeps others away until it ends, and who has an older one does nothing more", async ({ readings, append, step, clock }) => {
      await append("order/a", "xyz");
      const fence = await step("order/a", { kind: "claim", now: start, until: start + 100 });

      equal(await readings.step("mail", "order/a", { kind: "claim", now: start + 99, until: far }), undefined);
      equal(await readings.behind(mail, start + 99, "", 9), []);
      clock.now = start + 100;
      equal([await readings.due("mail", start + 99, 9), await readings.due("mail", start + 100, 9)], [[], ["order/a"]]);
      equal(await readings.behind(mail, clock.now, "", 9), ["order/a"]);
      const next = await step("order/a", { kind: "claim", now: clock.now, until: far });
      equal(next > fence, true);
      equal(await readings.step("mail", "order/a", { kind: "advance", fence, offset: 1, release: true }), undefined);
      await step("order/a", { kind: "advance", fence: next, offset: 2, release: true });
      equal(await readings.reading("mail", "order/a"), { offset: 2, fence: next + 1, leaseUntil: undefined, ...untried });
    }),
    test("a lease that was never given back counts as a try of the entry that is next", async ({ readings, append, step }) => {
      await append("order/a", "x");
      await step("order/a", { kind: "claim", now: start, until: start + 100 });

      const fence = await step("order/a", { kind: "claim", now: start + 100, until: far });

      const counted = { offset: 0, fence, leaseUntil: far, attempts: 1, firstAt: start + 100, retryAt: undefined, error: unfinished };
      equal(await readings.reading("mail", "order/a"), counted);
      equal((await readings.lag(mail)).failing, 1);
    }),
    test("nothing is failing where a lease was never given back, and nothing stands behind what is handled", async ({ readings, append, step }) => {
      await append("order/a", "x");
      const first = await step("order/a", { kind: "claim", now: start, until: start + 100 });
      await step("order/a", { kind: "advance", fence: first, offset: 1, release: false });
      const fence = await step("order/a", { kind: "claim", now: start + 100, until: far });
      equal((await readings.lag(mail)).failing, 0);

      await step("order/a", { kind: "rest", fence, offset: 1 });

      equal(await readings.reading("mail", "order/a"), { offset: 1, fence: fence + 1, leaseUntil: undefined, ...untried });
    }),
    test("what has failed waits for its time, with its tries and what it failed by", async ({ readings, append, step }) => {
      await append("order/a", "x");
      const fence = await step("order/a", { kind: "claim", now: start, until: far });

      await step("order/a", { kind: "fail", fence, at: start + 5, retryAt: start + 50, error: "no “mail”" });

      equal(await readings.reading("mail", "order/a"), {
        offset: 0,
        fence: fence + 1,
        leaseUntil: undefined,
        attempts: 1,
        firstAt: start + 5,
        retryAt: start + 50,
        error: "no “mail”",
      });
      equal(await readings.behind(mail, start + 49, "", 9), []);
      equal(await readings.behind(mail, start + 50, "", 9), ["order/a"]);
      equal((await readings.lag(mail)).failing, 1);
      equal([await readings.due("mail", start + 49, 9), await readings.due("mail", start + 50, 9)], [[], ["order/a"]]);
    }),
    test("dead letters are listed newest first, page by page, and go one by one or by age", async ({ readings, append, step }) => {
      await append("order/a", "xyz");
      for (const at of [1, 2, 3]) {
        const fence = await step("order/a", { kind: "claim", now: start, until: far });
        await step("order/a", { kind: "bury", fence, at: start + at, error: `no ${at}`, wait: false });
        await step("order/a", { kind: "release", fence });
      }
      const letters = await readings.deadLetters("mail", Infinity, 2);

      equal(
        letters.map(({ log, offset, at, attempts, error }) => [log, offset, at - start, attempts, error]),
        [
          ["order/a", 3, 3, 1, "no 3"],
          ["order/a", 2, 2, 1, "no 2"],
        ],
      );
      const [last, second] = letters;
      equal(
        (await readings.deadLetters("mail", second?.id ?? 0, 2)).map(({ offset }) => offset),
        [1],
      );
      equal(await readings.deadLetter(last?.id ?? 0), last);
      await readings.forgetLetter(last?.id ?? 0);
      await readings.forgetLettersBefore("mail", start + 2);
      equal(await readings.deadLetters("mail", Infinity, 9), [second]);
      equal((await readings.lag(mail)).deadLetters, 1);
    }),
    test("it says whose dead letters there are, also when nobody reads for him any more", async ({ readings, append, step }) => {
      await append("order/a", "xy");
      for (const _ of "xy") {
        const fence = await step("order/a", { kind: "claim", now: start, until: far });
        await step("order/a", { kind: "bury", fence, at: start, error: "no", wait: false });
        await step("order/a", { kind: "release", fence });
      }
      const before = await readings.letterOwners();
      await readings.forgetLettersBefore("mail", start + 1);

      equal([before, await readings.letterOwners()], [["mail"], []]);
    }),
    test("where those behind a dead letter wait, nobody gets them until they are let go on", async ({ readings, append, step }) => {
      await append("order/a", "xy");
      const fence = await step("order/a", { kind: "claim", now: start, until: far });

      await step("order/a", { kind: "bury", fence, at: start, error: "no", wait: true });

      equal(await readings.behind(mail, never - 1, "", 9), []);
      equal(await readings.step("mail", "order/a", { kind: "claim", now: start, until: far }), undefined);
      const early = await step("order/a", { kind: "claim", now: start, until: far, early: true });
      await step("order/a", { kind: "release", fence: early });
      await step("order/a", { kind: "resume" });
      equal((await readings.reading("mail", "order/a"))?.offset, 1);
      equal(await readings.behind(mail, start, "", 9), ["order/a"]);
    }),
    test("a letter of an entry that is handled after all goes once, under the lease, and those that wait behind it go on", async ({
      readings,
      append,
      step,
    }) => {
      await append("order/a", "xyz");
      const first = await step("order/a", { kind: "claim", now: start, until: far });
      await step("order/a", { kind: "bury", fence: first, at: start, error: "no", wait: false });
      await step("order/a", { kind: "bury", fence: first, at: start, error: "no", wait: true });
      const fence = await step("order/a", { kind: "claim", now: start, until: far, early: true });

      equal(await readings.step("mail", "order/a", { kind: "unbury", fence: first, offset: 1 }), undefined);
      const passed = await readings.step("mail", "order/a", { kind: "unbury", fence, offset: 1 });
      equal([passed?.offset, passed?.retryAt], [1, never]);
      equal(await readings.step("mail", "order/a", { kind: "unbury", fence, offset: 1 }), undefined);
      await step("order/a", { kind: "unbury", fence, offset: 2 });
      await step("order/a", { kind: "release", fence });
      equal(await readings.reading("mail", "order/a"), { offset: 2, fence, leaseUntil: undefined, ...untried });
      equal([await readings.deadLetters("mail", Infinity, 9), await readings.behind(mail, start, "", 9)], [[], ["order/a"]]);
    }),
    test("a letter counts a try that has failed again, under the lease, and says by what; without a letter nothing is done", async ({
      readings,
      append,
      step,
    }) => {
      await append("order/a", "xy");
      const first = await step("order/a", { kind: "claim", now: start, until: start + 100 });
      await step("order/a", { kind: "bury", fence: first, at: start, error: "no", wait: false });
      await step("order/a", { kind: "release", fence: first });
      const fence = await step("order/a", { kind: "claim", now: start, until: far, early: true });

      await step("order/a", { kind: "failAgain", fence, offset: 1, error: "still no" });

      equal(await readings.step("mail", "order/a", { kind: "failAgain", fence: first, offset: 1, error: "late" }), undefined);
      equal(await readings.step("mail", "order/a", { kind: "failAgain", fence, offset: 2, error: "none" }), undefined);
      const letters = await readings.deadLetters("mail", Infinity, 9);
      equal(
        letters.map(({ offset, at, attempts, error }) => [offset, at, attempts, error]),
        [[1, start, 2, "still no"]],
      );
      equal((await readings.reading("mail", "order/a"))?.offset, 1);
    }),
    test("it says how much waits for a subscription, where, and since when", async ({ readings, append, step, clock }) => {
      await append("order/a", "xyz");
      clock.now += 500;
      await append("order/b", "x");
      const fence = await step("order/a", { kind: "claim", now: start, until: far });
      await step("order/a", { kind: "advance", fence, offset: 3, release: true });

      equal(await readings.lag(mail), { entries: 1, logs: 1, oldestAt: start, failing: 0, deadLetters: 0 });
      equal(await readings.lag({ name: "other", prefix: "nowhere/" }), { entries: 0, logs: 0, failing: 0, deadLetters: 0 });
    }),
    test("what all of some subscriptions have passed is what the slowest has", async ({ readings, append, step }) => {
      await append("order/a", "xyz");
      const fence = await step("order/a", { kind: "claim", now: start, until: far });
      await step("order/a", { kind: "advance", fence, offset: 2, release: true });

      equal(await readings.passed("order/a", ["mail"]), 2);
      equal(await readings.passed("order/a", ["mail", "print"]), 0);
      equal(await readings.passed("order/a", []), Infinity);
    }),
    test("logs that begin before a time are listed in the order of their names, page by page, without those of which all is gone", async (bench) => {
      const { log, readings, append } = bench;
      for (const name of ["order/c", "order/a", "other/a", "order/b", "order/d"]) await append(name, "xy");
      const at = (await log.read("order/a", 0, 1))[0]?.at ?? NaN;
      const last = (await log.read("order/b", 1, 1))[0];
      const head = await log.head("order/b");
      if (last === undefined || head === undefined) throw new Error("The log order/b has no end");
      await log.putCheckpoint("order/b", { ...head, bytes: new Uint8Array(1) }, { offset: last.offset, position: head.position });

      equal(await readings.beginningBefore("order/", at, "", 9), []);
      equal(await readings.beginningBefore("order/", at + 1, "", 2), ["order/a", "order/c"]);
      equal(await readings.beginningBefore("order/", at + 1, "order/c", 2), ["order/d"]);
    }),
  ];
}

const untried = { attempts: 0, firstAt: undefined, retryAt: undefined, error: undefined };

async function runOn(open: OpenReadings, run: (bench: Bench) => Promise<void>): Promise<void> {
  const clock = { now: start };
  const opened = await open({ now: () => clock.now });
  const { log, readings } = opened;
  try {
    await run({
      ...opened,
      clock,
      async append(room, letters) {
        await log.append({ room, from: undefined, keys: [] }, ({ head }) => batchOf(head, openEntries(letters)));
      },
      async step(name, step) {
        const reading = await readings.step("mail", name, step);
        if (reading === undefined) throw new Error(`The step "${step.kind}" was not done`);
        return reading.fence;
      },
    });
  } finally {
    await opened.close();
  }
}
