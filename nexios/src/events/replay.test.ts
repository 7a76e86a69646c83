import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription, type Handling, PermanentFailure, type SubscriptionOptions } from "./define-subscription.ts";

const counted = defineEvent("counted", { payload: type<number>(), key: () => "all" });

let folder: string;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-replay-"));
});

afterEach(async () => {
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

/** Gives up the first entry; gives the id of its letter. No clock moves: what is found is found by a hint. */
async function giveUp(handle: (count: number, handling: Handling) => unknown, options: SubscriptionOptions<number> = {}): Promise<number> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, clock: new ManualClock() });
  const handleOrFail = (count: number, handling: Handling): unknown => {
    if (count === 1 && !handling.replayed) throw new PermanentFailure("not yet");
    return handle(count, handling);
  };
  app.add(defineSubscription("counter", counted, handleOrFail, options));
  app.store.migrate([{ number: 1, name: "count", sql: "create table count (value integer)" }]);
  await app.start();
  await emit(1);
  await vi.waitFor(async () => expect(await app.subscriptions.deadLetters("counter")).toHaveLength(1));
  return (await app.subscriptions.deadLetters("counter"))[0]?.id ?? 0;
}

async function emit(count: number): Promise<void> {
  await app.store.transaction((tx) => tx.emit(counted, count));
}

function insert(count: number, { transaction }: Handling): Promise<unknown> {
  return transaction((tx) => tx.query("insert into count (value) values (?)", [count]));
}

async function counts(): Promise<readonly unknown[]> {
  return (await app.store.query("select value from count")).rows.map(({ value }) => value);
}

test("of replays of one letter that come while it is replayed one has its effect, and the others are refused", async () => {
  const id = await giveUp(insert);
  const codes: string[] = [];
  const over = new AbortController();

  const first = app.subscriptions.replay(id).finally(() => over.abort());
  const others: Promise<unknown>[] = [];
  while (!over.signal.aborted) {
    others.push(
      app.subscriptions.replay(id).then(
        () => codes.push("handled"),
        (error: { code: string }) => codes.push(error.code),
      ),
    );
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all([first, ...others]);

  expect(await counts()).toEqual([1]);
  expect(codes.filter((code) => code !== "CONFLICT" && code !== "NOT_FOUND")).toEqual([]);
});

test("a letter goes with the transaction of its replay, and those that wait behind it go on", async () => {
  const handled: number[] = [];
  const left: number[] = [];
  const id = await giveUp(
    async (count, handling) => {
      await insert(count, handling);
      left.push((await app.subscriptions.deadLetters("counter")).length);
      handled.push(count);
    },
    { afterDeadLetter: "wait" },
  );
  await emit(2);

  await app.subscriptions.replay(id);

  await vi.waitFor(() => expect(handled).toEqual([1, 2]));
  expect(left).toEqual([0, 0]);
  expect((await app.subscriptions.lag())[0]).toMatchObject({ deadLetters: 0, failing: 0 });
});

test("of a letter that is let be while it is replayed the replay's transaction writes nothing", async () => {
  const id = await giveUp(async (count, handling) => {
    await app.subscriptions.dismiss(id);
    await insert(count, handling);
  });

  await expect(app.subscriptions.replay(id)).rejects.toMatchObject({ code: "LEASE_LOST" });

  expect(await counts()).toEqual([]);
});

test("what comes while a replay has its key is handled at once when the replay fails", async () => {
  const handled: number[] = [];
  const id = await giveUp(async (count) => {
    if (count > 1) return handled.push(count);
    await emit(2);
    // Behind the try to take the key, which the replay has.
    await app.store.transaction(async () => undefined);
    throw new Error("still not");
  });

  await expect(app.subscriptions.replay(id)).rejects.toThrow("still not");

  await vi.waitFor(() => expect(handled).toEqual([2]));
  expect(await app.subscriptions.deadLetters("counter")).toHaveLength(1);
});

test("a stop waits for a replay that is under way, and its handler hears of it", async () => {
  const order: string[] = [];
  const begun = Promise.withResolvers<void>();
  const id = await giveUp(async (count, handling) => {
    begun.resolve();
    await new Promise((resolve) => handling.signal.addEventListener("abort", resolve));
    await app.store.query("select 1");
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
    order.push("handler");
  });
  const replay = app.subscriptions.replay(id).finally(() => order.push("replay"));
  await begun.promise;

  await app.stop();
  order.push("stop");
  await replay;

  expect(order).toEqual(["handler", "replay", "stop"]);
});

test("a replay that fails is counted on its letter with what it failed by, is the try that it is, and one that a stop cuts off is not counted", async () => {
  const attempts: number[] = [];
  const id = await giveUp((_count, { attempt, signal }) => {
    attempts.push(attempt);
    if (attempts.length === 3) return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    throw new Error(`no ${attempt}`);
  });

  await expect(app.subscriptions.replay(id)).rejects.toThrow("no 2");
  expect(await app.subscriptions.replayAll("counter")).toEqual({ handled: 0, failed: 1 });
  const cutOff = app.subscriptions.replay(id).catch((error: { code: string }) => error.code);
  await vi.waitFor(() => expect(attempts).toEqual([2, 3, 4]));
  await app.stop();

  expect(await cutOff).toBe("STOPPED");
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, clock: new ManualClock() });
  app.add(defineSubscription("counter", counted, () => undefined));
  await app.start();
  expect(await app.subscriptions.deadLetters("counter")).toMatchObject([{ id, attempts: 3, error: "Error: no 3" }]);
});
