import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription } from "./define-subscription.ts";

const joined = defineEvent("joined", { payload: type<number>(), key: String });

let folder: string;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-many-"));
});

afterEach(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});

test("of more keys at once than can wait, the rest is found as soon as there is place", { timeout: 60_000 }, async () => {
  const [transactions, keysOfEach] = [13, 1_000];
  const seen = new Set<number>();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  // It is not moved: whatever is found is not found by a look that comes by and by.
  app = new NexiosApp({ clock: new ManualClock(), rooms: { folder, synchronous: "normal" } });
  app.add(
    defineSubscription("greet", joined, async (number) => {
      await gate;
      seen.add(number);
    }),
  );
  await app.start();

  for (let count = 0; count < transactions; count++) {
    await app.store.transaction(async (tx) => {
      for (let key = 0; key < keysOfEach; key++) await tx.emit(joined, count * keysOfEach + key);
    });
  }
  open();

  await vi.waitFor(() => expect(seen.size).toBe(transactions * keysOfEach), { timeout: 40_000 });
});

test("a look at what has changed takes no lease where all is handled", { timeout: 20_000 }, async () => {
  const clock = new ManualClock();
  const seen: number[] = [];
  app = new NexiosApp({ clock, rooms: { folder, synchronous: "normal" } });
  app.add(defineSubscription("greet", joined, (number) => void seen.push(number)));
  await app.start();
  await app.store.transaction(async (tx) => {
    for (const number of [1, 2, 3]) await tx.emit(joined, number);
  });
  await vi.waitFor(async () => expect((await app.subscriptions.lag())[0]?.entries).toBe(0));

  for (let looks = 0; looks < 3; looks++) await clock.advance(1_000);
  const { rows } = await app.store.query("select fence, lease_until from nexios_reading");

  expect(rows).toEqual(Array.from({ length: 3 }, () => ({ fence: 2, lease_until: null })));
});
