import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import type { Beginning } from "./beginning.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription, type Subscription } from "./define-subscription.ts";

const placed = defineEvent("order.placed", { payload: type<string>(), key: (order) => order.slice(0, 1) });
const chat = defineRoom("chat/{id}", {
  log: "durable",
  entry: type<string>(),
  state: type<string>(),
  calls: { say: { input: type<string>() } },
}).fold("", (_state, line) => line);
const chats = chat.serve({ authorize: () => true, input: { say: { unchecked: true } }, decide: { say: (_state, line) => accept(line) } });
const nothing = (): void => undefined;

let folder: string;
let app: NexiosApp;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-beginning-"));
});

afterEach(async () => {
  await app?.stop({ deadlineMs: 500 });
  rmSync(folder, { recursive: true });
});

async function run(...subscriptions: readonly Subscription[]): Promise<void> {
  app = new NexiosApp({ rooms: { folder, synchronous: "normal" } });
  app.add(chats, ...subscriptions);
  await app.start();
}

async function place(...orders: readonly string[]): Promise<void> {
  await app.store.transaction(async (tx) => {
    for (const order of orders) await tx.emit(placed, order);
  });
}

test("one of a new name reads again from an entry of one key on, and of the others what comes, or all of it", async () => {
  await run();
  await place("a1", "a2", "a3", "b1", "c1");
  await app.stop();
  const [few, all]: [string[], string[]] = [[], []];

  await run(
    defineSubscription("few", placed, (order) => void few.push(order), { from: { after: new Map([["a", 1]]) } }),
    defineSubscription("all", placed, (order) => void all.push(order), { from: { after: new Map([["a", 1]]), others: "start" } }),
  );
  await place("b2");

  await vi.waitFor(() =>
    expect([few.toSorted(), all.toSorted()]).toEqual([
      ["a2", "a3", "b2"],
      ["a2", "a3", "b1", "b2", "c1"],
    ]),
  );
});

test("an offset beyond the end passes over nothing that comes, and after a restart it counts no more", async () => {
  const seen: string[] = [];
  const again = defineSubscription("again", placed, (order) => void seen.push(order), { from: { after: new Map([["a", 9]]) } });
  await run();
  await place("a1");
  await app.stop();

  await run(again);
  await place("a2");
  await vi.waitFor(() => expect(seen).toEqual(["a2"]));
  await app.stop();
  await run(again);
  await place("a3");

  await vi.waitFor(() => expect(seen).toEqual(["a2", "a3"]));
});

test("of a room it begins behind an entry too, by the room's name", async () => {
  await run();
  for (const line of ["one", "two", "three"]) await app.room(chat, { id: "7" }).call("say", line, { user: { id: "ann", name: "Ann" } });
  await app.stop();
  const seen: string[] = [];

  await run(defineSubscription("search", chats, (line) => void seen.push(line), { from: { after: new Map([["chat/7", 2]]) } }));

  await vi.waitFor(() => expect(seen).toEqual(["three"]));
});

test("ten thousand offsets are taken, and one more is a mistake of the program", () => {
  const offsets = (count: number): Beginning => ({ after: new Map(Array.from({ length: count }, (_, number) => [`${number}`, 1])) });

  expect(defineSubscription("again", placed, nothing, { from: offsets(10_000) }).name).toBe("again");
  expect(() => defineSubscription("again", placed, nothing, { from: offsets(10_001) })).toThrow("10001 offsets");
});

test.each<[string, unknown]>([
  ["a word", "later"],
  ["no time", { at: Number.NaN }],
  ["an object in place of a map", { after: { a: 1 } }],
  ["an offset that is none", { after: new Map([["a", 1.5]]) }],
  ["a key that is none", { after: new Map([["", 1]]) }],
  ["another word for the others", { after: new Map([["a", 1]]), others: "end" }],
])("%s as a beginning is a mistake of the program", (_what, from) => {
  expect(() => defineSubscription("again", placed, nothing, { from: from as Beginning })).toThrow(TypeError);
});

test("a room of another path as a beginning is a mistake of the program", () => {
  expect(() => defineSubscription("search", chats, nothing, { from: { after: new Map([["talk/7", 1]]) } })).toThrow("talk/7");
});
