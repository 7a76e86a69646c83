import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription } from "./define-subscription.ts";

const joined = defineEvent("joined", { payload: type<string>(), key: ([key = ""]) => key });
const longJoined = defineEvent("long.joined", { payload: type<string>(), key: String });

let folder: string;
let clock: ManualClock;
let app: NexiosApp;
let begun: string[];
let handled: string[];
let gate: PromiseWithResolvers<void>;
let reported: unknown[];
const note = (message: unknown): void => void reported.push((message as { error: { code?: unknown } }).error.code);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-late-"));
  clock = new ManualClock();
  [begun, handled, reported] = [[], [], []];
  gate = Promise.withResolvers();
  subscribe("nexios:error", note);
});

afterEach(async () => {
  unsubscribe("nexios:error", note);
  gate.resolve();
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

/** What is called `hang` waits for the gate, and cares for no signal. */
async function run(event: typeof joined, concurrency: number): Promise<void> {
  const handle = async (value: string): Promise<void> => {
    begun.push(value);
    if (value.includes("hang")) await gate.promise;
    handled.push(value);
  };
  app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" } });
  app.add(defineSubscription("greet", event, handle, { concurrency, tryMs: 1_000 }));
  await app.start();
}

async function emit(event: typeof joined, ...values: readonly string[]): Promise<void> {
  await app.store.transaction(async (tx) => {
    for (const value of values) await tx.emit(event, value);
  });
}

test("a try that hangs gives its place to another key after its time, keeps its own waiting, and gives way when it ends at last", async () => {
  await run(joined, 1);
  await emit(joined, "a hang", "a2", "b1");
  await vi.waitFor(() => expect(begun).toEqual(["a hang"]));

  await clock.advance(1_000);

  await vi.waitFor(() => expect(handled).toEqual(["b1"]));
  // Its key is still taken long after a lease without a sign of life would have ended.
  for (let leases = 0; leases < 3; leases++) await clock.advance(30_000);
  await emit(joined, "c hang");
  await vi.waitFor(() => expect(begun).toEqual(["a hang", "b1", "c hang"]));
  gate.resolve();
  await vi.waitFor(() => expect(handled.toSorted()).toEqual(["a hang", "a2", "b1", "c hang"]));
  expect(handled.indexOf("a hang")).toBeLessThan(handled.indexOf("a2"));
});

test("of tries that hang a hundred give up their places, which is reported; the next ones keep theirs until some end", async () => {
  await run(longJoined, 50);
  for (const wave of [0, 1, 2]) {
    await emit(longJoined, ...Array.from({ length: 50 }, (_, index) => `${wave} hang ${index}`));
    await vi.waitFor(() => expect(begun).toHaveLength(50 * (wave + 1)));
    await clock.advance(1_000);
  }
  await emit(longJoined, "good");
  await app.store.transaction(async () => undefined);
  const before = begun.length;

  gate.resolve();

  await vi.waitFor(() => expect(handled).toHaveLength(151));
  expect(before).toBe(150);
  expect(reported.filter((code) => code === "LIMIT").length).toBe(50);
});
