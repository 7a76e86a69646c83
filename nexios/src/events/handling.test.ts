import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription, type Handling, PermanentFailure } from "./define-subscription.ts";
import { tallies, tally } from "./tally.fixture.ts";

const counted = defineEvent("counted", { payload: type<number>(), key: () => "all" });

let folder: string;
let app: NexiosApp;
let handled: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-handling-"));
  handled = [];
});

afterEach(async () => {
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

async function run(handle: (count: number, handling: Handling) => unknown, event = counted): Promise<void> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, random: () => 0.01 });
  app.add(tallies, defineSubscription("counter", event, handle, { from: "start", retryMs: 100, attempts: 2 }));
  app.store.migrate([{ number: 1, name: "count", sql: "create table count (value integer)" }]);
  await app.start();
}

async function emit(...values: readonly number[]): Promise<void> {
  await app.store.transaction(async (tx) => {
    for (const count of values) await tx.emit(counted, count);
  });
}

async function counts(): Promise<readonly unknown[]> {
  return (await app.store.query("select value from count")).rows.map(({ value }) => value);
}

test("what fails behind a handler's transaction neither brings its entry again nor costs the next one its tries", async () => {
  const tries: (readonly [number, number])[] = [];
  await run(async (count, { transaction, attempt }) => {
    tries.push([count, attempt]);
    await transaction((tx) => tx.query("insert into count (value) values (?)", [count]));
    if (count < 3) throw new PermanentFailure("behind it");
  });

  await emit(1, 2, 3);

  await vi.waitFor(async () => expect(await counts()).toEqual([1, 2, 3]));
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]).toMatchObject({ entries: 0, failing: 0, deadLetters: 0 }));
  expect(tries).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
});

test("inside a handler's transaction a call of a room, and another transaction, are refused at once", async () => {
  const codes: string[] = [];
  const codeOf = (running: Promise<unknown>): Promise<unknown> => running.catch((error: { code: string }) => codes.push(error.code));
  await run(async (count, { transaction, call }) => {
    await transaction(async () => {
      await codeOf(call(tally, { id: "1" }, "add", count));
      await codeOf(app.store.transaction(async () => undefined));
    });
    handled.push(count);
  });

  await emit(1);

  await vi.waitFor(() => expect(handled).toEqual([1]));
  expect(codes).toEqual(["CALL_IN_TRANSACTION", "CALL_IN_TRANSACTION"]);
});

test("what a transaction has begun may call rooms when the transaction is over", async () => {
  const over = Promise.withResolvers<void>();
  let later: Promise<unknown> = Promise.resolve();
  await run(() => undefined);

  await app.store.transaction(async () => {
    later = over.promise.then(() => app.room(tally, { id: "1" }).call("add", 1));
  });
  over.resolve();

  await expect(later).resolves.toMatchObject({ kind: "accepted" });
});

test("of two transactions that a handler begins at once, one is done", async () => {
  const settled: string[] = [];
  await run(async (count, { transaction }) => {
    const write = (): Promise<unknown> => transaction((tx) => tx.query("insert into count (value) values (?)", [count]));
    settled.push(...(await Promise.allSettled([write(), write()])).map(({ status }) => status));
  });

  await emit(7);

  await vi.waitFor(() => expect(settled.toSorted()).toEqual(["fulfilled", "rejected"]));
  expect(await counts()).toEqual([7]);
});

test("a transaction of a handler that has failed may be done again in the same try", async () => {
  await run(async (count, { transaction }) => {
    await transaction(() => Promise.reject(new Error("no"))).catch(() => undefined);
    await transaction((tx) => tx.query("insert into count (value) values (?)", [count]));
  });

  await emit(8);

  await vi.waitFor(async () => expect(await counts()).toEqual([8]));
});

test("events of one transaction keep the order in which they were emitted, however long their schemas take", async () => {
  const slow = defineEvent("slow", {
    payload: z.number().refine(async (count) => {
      for (let turns = 0; turns < 10 - count; turns++) await Promise.resolve();
      return true;
    }),
    key: () => "all",
  });
  await run((count) => void handled.push(count), slow);

  await app.store.transaction(async (tx) => {
    for (const count of [1, 5, 9]) void tx.emit(slow, count);
  });

  await vi.waitFor(() => expect(handled).toHaveLength(3));
  expect(handled).toEqual([1, 5, 9]);
});
