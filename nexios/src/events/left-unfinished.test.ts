import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import type { ReadingStep } from "../log/reading.ts";
import { SqliteStore } from "../sqlite/sqlite-store.ts";
import { defineEvent, logOf } from "./define-event.ts";
import { defineSubscription, type Handling } from "./define-subscription.ts";

const counted = defineEvent("counted", { payload: type<number>(), key: () => "all" });
const log = logOf(counted, "all");

let folder: string;
let app: NexiosApp;
let tries: (readonly [number, number])[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-unfinished-"));
  tries = [];
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  await app.start();
});

afterEach(async () => {
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

/** Emits, and has so many processes die over what is next. */
async function emitAndDie(values: readonly number[], deaths: number): Promise<void> {
  await emitAndDieAfter(values, deaths, () => []);
}

/** The same, of which each has done something before. */
async function emitAndDieAfter(values: readonly number[], deaths: number, stepsOf: (fence: number) => readonly ReadingStep[]): Promise<void> {
  await app.store.transaction(async (tx) => {
    for (const value of values) await tx.emit(counted, value);
  });
  await app.stop();
  for (let death = 0; death < deaths; death++) {
    const options = { now: () => Date.now(), synchronous: "normal", newEpoch: () => "epoch", after: () => () => undefined } as const;
    const store = await SqliteStore.open({ ...options, file: join(folder, "nexios.db") });
    const now = Date.now();
    const claimed = await store.readings.step("counter", log, { kind: "claim", now, until: now + 30_000 });
    for (const step of stepsOf(claimed?.fence ?? 0)) await store.readings.step("counter", log, step);
    await store.close();
  }
}

async function goOn(handle: (value: number, handling: Handling) => unknown): Promise<void> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  app.add(defineSubscription("counter", counted, handle, { from: "start", attempts: 3 }));
  await app.start();
}

const note = (value: number, { attempt }: Handling): void => void tries.push([value, attempt]);

test("an entry over which its process dies at each try is given up after so many, and the next of its key is handled", async () => {
  await emitAndDie([1, 2], 3);

  await goOn(note);

  await vi.waitFor(() => expect(tries).toEqual([[2, 1]]));
  expect(await app.subscriptions.deadLetters("counter")).toEqual([
    expect.objectContaining({ offset: 1, attempts: 3, error: expect.stringContaining("The process ended") }),
  ]);
});

test("one over which its process has died less often is tried again, as the try that it is", async () => {
  await emitAndDie([1, 2], 2);

  await goOn(note);

  await vi.waitFor(() =>
    expect(tries).toEqual([
      [1, 3],
      [2, 1],
    ]),
  );
});

test("after a death each entry is noted before the next is tried, so that another death counts for the right one", async () => {
  await emitAndDie([1, 2, 3], 1);
  const noted: unknown[] = [];

  await goOn(async () => {
    noted.push((await app.store.query(`select "offset" from nexios_reading where log = ?`, [log])).rows[0]?.["offset"]);
  });

  await vi.waitFor(() => expect(noted).toEqual([0, 1, 2]));
});

test("a process that died when nothing was left leaves no try that has failed", async () => {
  await emitAndDieAfter([1], 1, (fence) => [{ kind: "bury", fence, at: Date.now(), error: "no", wait: false }]);
  await goOn(note);
  const [letter] = await app.subscriptions.deadLetters("counter");

  // It is looked at once more.
  await app.subscriptions.dismiss(letter?.id ?? 0);
  const fence = async (): Promise<unknown> => (await app.store.query("select fence from nexios_reading where log = ?", [log])).rows[0]?.["fence"];
  await vi.waitFor(async () => expect(await fence()).toBe(4));

  expect(await app.subscriptions.lag()).toEqual([{ name: "counter", entries: 0, logs: 0, failing: 0, deadLetters: 0 }]);
  await app.store.transaction((tx) => tx.emit(counted, 2));
  await vi.waitFor(() => expect(tries).toEqual([[2, 1]]));
});
