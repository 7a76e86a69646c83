import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { NexiosApp } from "../app/app.ts";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription, type Handling, PermanentFailure, type Subscription, type SubscriptionOptions } from "./define-subscription.ts";

interface Order {
  readonly customer: string;
  readonly number: number;
}

const placed = defineEvent("order.placed", { payload: type<Order>(), key: ({ customer }) => customer });
const counter = defineRoom("counter/{id}", {
  log: "durable",
  entry: type<{ by: number }>(),
  state: type<{ sum: number }>(),
  calls: { add: { input: type<{ by: number }>(), result: type<{ sum: number }>() } },
}).fold({ sum: 0 }, ({ sum }, { by }) => ({ sum: sum + by }));
const counters = counter.serve({
  authorize: () => true,
  input: { add: z.object({ by: z.number() }) },
  decide: { add: ({ sum }, { by }) => accept({ by }, { sum: sum + by }) },
});

let folder: string;
let app: NexiosApp;
let handled: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-subscriptions-"));
  handled = [];
});

afterEach(async () => {
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

async function run(...subscriptions: readonly Subscription[]): Promise<void> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, random: () => 0.01 });
  app.add(counters, ...subscriptions);
  app.store.migrate([{ number: 1, name: "mail", sql: "create table mail (text text)" }]);
  await app.start();
}

function mail(handle: (order: Order, handling: Handling) => unknown, options: SubscriptionOptions<Order> = {}): Subscription {
  return defineSubscription("mail", placed, handle, { from: "start", retryMs: 100, ...options });
}

const note = ({ customer, number }: Order): void => void handled.push(`${customer}${number}`);

async function place(...orders: readonly string[]): Promise<void> {
  await app.store.transaction(async (tx) => {
    for (const order of orders) await tx.emit(placed, { customer: order.slice(0, 1), number: Number(order.slice(1)) });
  });
}

async function mails(): Promise<readonly unknown[]> {
  return (await app.store.query("select text from mail")).rows.map(({ text }) => text);
}

test("what is emitted with a transaction is handled, each key's in its order", async () => {
  await run(mail(note));

  await place("a1", "b1", "a2");
  await place("a3", "b2");

  await vi.waitFor(() => expect(handled).toHaveLength(5));
  expect(handled.filter((each) => each.startsWith("a"))).toEqual(["a1", "a2", "a3"]);
  expect(handled.filter((each) => each.startsWith("b"))).toEqual(["b1", "b2"]);
});

test("of a transaction that fails nothing is handled", async () => {
  await run(mail(note));

  await expect(
    app.store.transaction(async (tx) => {
      await tx.emit(placed, { customer: "a", number: 1 });
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  await place("a2");

  await vi.waitFor(() => expect(handled).toEqual(["a2"]));
});

test("what does not fit its schema fails its transaction, awaited or not", async () => {
  const strict = defineEvent("strict", { payload: z.object({ id: z.string() }), key: ({ id }) => id });
  await run();

  const run1 = app.store.transaction(async (tx) => {
    await tx.query("insert into mail (text) values ('one')");
    void tx.emit(strict, { id: 1 } as never);
  });

  await expect(run1).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  expect(await mails()).toEqual([]);
});

test("a handler that fails is tried again, with its try's number and one id, and its key waits for it; others do not", async () => {
  const tries: (readonly [string, number, string])[] = [];
  await run(
    mail((order, { attempt, id }) => {
      tries.push([`${order.customer}${order.number}`, attempt, id]);
      if (order.customer === "a" && order.number === 1 && attempt < 3) throw new Error("not yet");
      note(order);
    }),
  );

  await place("a1", "a2", "b1");

  await vi.waitFor(() => expect(handled.toSorted()).toEqual(["a1", "a2", "b1"]));
  expect(handled.indexOf("a1")).toBeLessThan(handled.indexOf("a2"));
  const first = tries.filter(([order]) => order === "a1");
  expect(first.map(([, attempt]) => attempt)).toEqual([1, 2, 3]);
  expect(new Set(first.map(([, , id]) => id)).size).toBe(1);
});

test("what fails too often, or for good, is a dead letter; the next of its key is handled, and the letter can be tried again", async () => {
  let isMended = false;
  const replays: boolean[] = [];
  await run(
    mail(
      (order, { replayed }) => {
        if (order.number < 3 && !isMended) throw order.number === 1 ? new PermanentFailure("no such customer") : new Error("no");
        replays.push(replayed);
        note(order);
      },
      { attempts: 2 },
    ),
  );
  await place("a1", "a2", "a3");
  await vi.waitFor(() => expect(handled).toEqual(["a3"]));
  const letters = await app.subscriptions.deadLetters("mail");
  expect(letters.map(({ offset, attempts, error }) => [offset, attempts, error])).toEqual([
    [2, 2, "Error: no"],
    [1, 1, "PermanentFailure: no such customer"],
  ]);

  isMended = true;
  await app.subscriptions.replay(letters[0]?.id ?? 0);
  expect(await app.subscriptions.replayAll("mail")).toEqual({ handled: 1, failed: 0 });

  expect([handled, replays]).toEqual([
    ["a3", "a2", "a1"],
    [false, true, true],
  ]);
  expect(await app.subscriptions.deadLetters("mail")).toEqual([]);
  expect(await app.subscriptions.lag()).toEqual([{ name: "mail", entries: 0, logs: 0, failing: 0, deadLetters: 0 }]);
});

test("where those behind a dead letter are to wait, they do until it is let be", async () => {
  await run(
    mail(
      (order) => {
        if (order.number === 1) throw new PermanentFailure("no");
        note(order);
      },
      { afterDeadLetter: "wait" },
    ),
  );
  await place("a1", "a2", "b2");
  await vi.waitFor(async () => expect(await app.subscriptions.deadLetters("mail")).toHaveLength(1));
  await vi.waitFor(() => expect(handled).toEqual(["b2"]));

  await app.subscriptions.dismiss((await app.subscriptions.deadLetters("mail"))[0]?.id ?? 0);

  await vi.waitFor(() => expect(handled).toEqual(["b2", "a2"]));
});

test("what a handler writes in its transaction is written once, with the entry taken as handled", async () => {
  let isFirst = true;
  await run(
    mail(async (order, { transaction }) => {
      await transaction((tx) => tx.query("insert into mail (text) values (?)", [`${order.customer}${order.number}`]));
      // Whatever fails behind it does not bring it again.
      if (isFirst) {
        isFirst = false;
        throw new Error("too late");
      }
    }),
  );

  await place("a1", "a2", "a3");

  await vi.waitFor(async () => expect(await mails()).toEqual(["a1", "a2", "a3"]));
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]?.entries).toBe(0));
  expect(await mails()).toEqual(["a1", "a2", "a3"]);
});

test("a handler's call of a room takes effect once, however often the entry is tried", async () => {
  await run(
    mail(async (order, { call, attempt }) => {
      await call(counter, { id: order.customer }, "add", { by: order.number });
      await call(counter, { id: order.customer }, "add", { by: 100 });
      if (attempt < 3) throw new Error("after the call");
      note(order);
    }),
  );

  await place("a7");

  await vi.waitFor(() => expect(handled).toEqual(["a7"]));
  expect(await app.room(counter, { id: "a" }).state()).toEqual({ sum: 107 });
});

test("the entries of a room are handled, those of one room in their order", async () => {
  const subscription = defineSubscription("sums", counters, ({ by }, { params, author }) => void handled.push(`${params["id"]}+${by} ${author}`), {
    from: "start",
  });
  await run(subscription);

  await app.room(counter, { id: "x" }).call("add", { by: 1 }, { user: { id: "ann", name: "Ann" } });
  await app.room(counter, { id: "x" }).call("add", { by: 2 });

  await vi.waitFor(() => expect(handled).toEqual(["x+1 ann", "x+2 nexios"]));
});

test("a subscription goes on where it was after a restart, and one of a new name begins where it says", async () => {
  await run(mail(note));
  await place("a1");
  await vi.waitFor(() => expect(handled).toEqual(["a1"]));
  await app.stop();

  await run(mail(note));
  await place("a2");
  await vi.waitFor(() => expect(handled).toEqual(["a1", "a2"]));
  await app.stop();
  const all: string[] = [];
  const late: string[] = [];
  await run(
    defineSubscription("again", placed, ({ number }) => void all.push(`${number}`), { from: "start" }),
    defineSubscription("later", placed, ({ number }) => void late.push(`${number}`)),
  );
  await place("a3");

  await vi.waitFor(() => expect([all, late]).toEqual([["1", "2", "3"], ["3"]]));
});

test("what a filter passes over is not handled, and is not in the way", async () => {
  await run(mail(note, { filter: ({ number }) => number % 2 === 0 }));

  await place("a1", "a2", "a3", "a4");

  await vi.waitFor(() => expect(handled).toEqual(["a2", "a4"]));
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]?.entries).toBe(0));
});

test("inside a transaction a call of a durable room, and another transaction, are refused at once", async () => {
  await run();
  const codes: string[] = [];
  const codeOf = (running: Promise<unknown>): Promise<unknown> => running.catch((error: { code: string }) => codes.push(error.code));

  await app.store.transaction(async () => {
    await codeOf(app.room(counter, { id: "1" }).call("add", { by: 1 }));
    await codeOf(app.store.transaction(async () => undefined));
  });

  expect(codes).toEqual(["CALL_IN_TRANSACTION", "CALL_IN_TRANSACTION"]);
  expect((await app.room(counter, { id: "1" }).call("add", { by: 1 })).kind).toBe("accepted");
});

test("a handler that does not end keeps up its own key alone, and a stop does not wait for it", async () => {
  await run(
    mail(
      async (order, { signal }) => {
        if (order.customer === "a") await new Promise((resolve) => signal.addEventListener("abort", resolve));
        signal.throwIfAborted();
        note(order);
      },
      { concurrency: 2, tryMs: 60_000 },
    ),
  );

  await place("a1", "b1", "b2", "c1");

  await vi.waitFor(() => expect(handled.toSorted()).toEqual(["b1", "b2", "c1"]));
  await app.stop();
  handled = [];
  await run(mail(note));
  await vi.waitFor(() => expect(handled).toEqual(["a1"]));
});

test("two subscriptions of one name are a mistake of the program", async () => {
  await expect(run(mail(note), mail(note))).rejects.toThrow(TypeError);
});
