import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription, type Subscription } from "./define-subscription.ts";
import { tallies, tally } from "./tally.fixture.ts";

const counted = defineEvent("counted", { payload: type<number>(), key: () => "all", keepMs: 0 });

let folder: string;
let app: NexiosApp;
let errors: unknown[];
const note = (message: unknown): void => void errors.push((message as { error: unknown }).error);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-kept-"));
  errors = [];
  subscribe("nexios:error", note);
});

afterEach(async () => {
  unsubscribe("nexios:error", note);
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

async function run(...subscriptions: readonly Subscription[]): Promise<void> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal", limits: { history: { checkpointEvery: 5, keepEntries: 0 } } } });
  app.add(tallies, ...subscriptions);
  await app.start();
}

async function rows(): Promise<number> {
  return Number((await app.store.query("select count(*) as rows from nexios_entry")).rows[0]?.["rows"]);
}

test("a subscription to a room that is slow gets all entries, however many checkpoints are made meanwhile", async () => {
  const seen: number[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const slow = defineSubscription("slow", tallies, async (by) => {
    await gate;
    seen.push(by);
  });
  await run(slow);

  for (let by = 1; by <= 23; by++) await app.room(tally, { id: "1" }).call("add", by);
  open();

  await vi.waitFor(() => expect(seen).toHaveLength(23));
  expect(seen).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
  expect(errors).toEqual([]);
  // Passed by all, they go with the next checkpoint.
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]?.entries).toBe(0));
  for (let by = 24; by <= 30; by++) await app.room(tally, { id: "1" }).call("add", by);
  await vi.waitFor(async () => expect(await rows()).toBeLessThan(23));
});

test("events that all have handled go after their time, at the next start", async () => {
  const seen: number[] = [];
  const counter = defineSubscription("counter", counted, (count) => void seen.push(count), { from: "start" });
  await run(counter);
  await app.store.transaction(async (tx) => {
    for (const count of [1, 2, 3]) await tx.emit(counted, count);
  });
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]?.entries).toBe(0));
  const before = await rows();
  await app.stop();

  await run(counter);

  await vi.waitFor(async () => expect(await rows()).toBe(0));
  expect([before, seen]).toEqual([3, [1, 2, 3]]);
});
