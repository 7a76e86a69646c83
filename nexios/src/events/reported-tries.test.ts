import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { type } from "../contract/type.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription } from "./define-subscription.ts";

const placed = defineEvent("order.placed", { payload: type<string>(), key: ([key = ""]) => key });

let folder: string;
let app: NexiosApp;
let reported: string[];
const note = (message: unknown): void => {
  const { where, error } = message as { where: string; error: Error };
  reported.push(`${where}: ${error.message}`);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-reported-"));
  reported = [];
  subscribe("nexios:error", note);
});

afterEach(async () => {
  unsubscribe("nexios:error", note);
  await app.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

test("of an entry that fails the first try and its giving up are reported, and none between", async () => {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" }, random: () => 0.01 });
  let tries = 0;
  const fail = (): void => {
    throw new Error(`no ${++tries}`);
  };
  app.add(defineSubscription("mail", placed, fail, { retryMs: 1, attempts: 4 }));
  await app.start();

  await app.store.transaction((tx) => tx.emit(placed, "a1"));

  await vi.waitFor(async () => expect(await app.subscriptions.deadLetters("mail")).toHaveLength(1));
  const log = "nexios/event/order.placed/a";
  expect(reported).toEqual([`subscription mail tries entry 1 of ${log} again: no 1`, `subscription mail gives up entry 1 of ${log}: no 4`]);
});
