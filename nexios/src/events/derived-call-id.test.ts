import { expect, test } from "vitest";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import type { StoredEntry } from "../log/log.ts";
import type { Store } from "../log/store.ts";
import { timeOfCallId } from "../protocol/call-id.ts";
import { defineEvent } from "./define-event.ts";
import { defineSubscription } from "./define-subscription.ts";
import { createHandling } from "./handling.ts";

const hourMs = 3_600_000;
const at = Date.UTC(2030, 0, 1);
const placed = defineEvent("placed", { payload: type<number>(), key: String });
const mail = defineSubscription("mail", placed, () => undefined);
const room = defineRoom("room/{id}", { log: "durable", entry: type<number>(), state: type<number>(), calls: { add: { input: type<number>() } } }).fold(
  0,
  (sum, by) => sum + by,
);
const entry: StoredEntry = {
  offset: 1,
  check: 0,
  at,
  author: undefined,
  callId: undefined,
  version: 1,
  bytes: new Uint8Array(),
  public: undefined,
  erased: false,
};

/** The ids of two calls that a try makes. */
async function idsOf(now: number, firstAt?: number): Promise<readonly string[]> {
  const ids: string[] = [];
  const { handling } = createHandling(
    mail,
    entry,
    { log: "nexios/event/placed/1", fence: 1, attempt: 1, firstAt, signal: new AbortController().signal, replayed: false },
    {
      // The time alone is asked of it.
      store: { log: { now: () => now } } as Store,
      callRoom: async (_contract, _params, { callId }) => void ids.push(callId),
      onCommitted: () => undefined,
      onEmit: () => undefined,
      inTransaction: (run) => run(),
    },
  );
  await handling.call(room, { id: "1" }, "add", 1);
  await handling.call(room, { id: "1" }, "add", 1);
  return ids;
}

test("each call of a try has an id of its own, which is the same in the next try", async () => {
  const ids = await idsOf(at + 5);

  expect(new Set(ids).size).toBe(2);
  expect(await idsOf(at + hourMs)).toEqual(ids);
});

test("it stays the same when the next try comes on the other side of half a day", async () => {
  const first = at + 12 * hourMs - 1;

  expect(await idsOf(first + 5_000, first)).toEqual(await idsOf(first));
});

test("an entry that is handled days later has ids that a room still remembers", async () => {
  const now = at + 75 * hourMs;

  const times = (await idsOf(now)).map(timeOfCallId);

  expect(times.every((time = 0) => time <= now && time > now - 12 * hourMs)).toBe(true);
});
