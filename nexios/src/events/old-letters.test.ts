import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription, PermanentFailure, type SubscriptionOptions } from "./define-subscription.ts";

const joined = defineEvent("joined", { payload: type<string>(), key: String });
const [hourMs, dayMs] = [3_600_000, 86_400_000];

let folder: string;
let clock: ManualClock;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-letters-"));
  clock = new ManualClock();
});

afterEach(async () => {
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

async function run(name: string, options: SubscriptionOptions<string> = {}): Promise<void> {
  app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" } });
  const fail = (): never => {
    throw new PermanentFailure("no");
  };
  app.add(defineSubscription(name, joined, fail, options));
  await app.start();
}

async function owners(): Promise<readonly unknown[]> {
  return (await app.store.query("select subscription from nexios_dead_letter order by subscription")).rows.map(({ subscription }) => subscription);
}

test("dead letters of a subscription that no app adds any more go after 30 days; those of one that keeps them longer stay", async () => {
  const kept = { keepDeadLettersMs: 100 * dayMs };
  await run("former");
  await app.store.transaction((tx) => tx.emit(joined, "ann"));
  await vi.waitFor(async () => expect(await owners()).toEqual(["former"]));
  await app.stop();
  await run("keeper", kept);
  await app.store.transaction((tx) => tx.emit(joined, "ann"));
  await vi.waitFor(async () => expect(await owners()).toEqual(["former", "keeper"]));
  await app.stop();
  clock = new ManualClock(clock.now() + 30 * dayMs - hourMs + 1);
  await run("keeper", kept);
  // Behind whatever the start has written.
  await app.store.transaction(async () => undefined);
  const before = await owners();

  await clock.advance(hourMs);

  await vi.waitFor(async () => expect(await owners()).toEqual(["keeper"]));
  expect(before).toEqual(["former", "keeper"]);
});
