import { expect, test } from "vitest";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import { defineEvent, keyOfLog, logOf } from "./define-event.ts";
import { defineSubscription } from "./define-subscription.ts";

interface Order {
  readonly customer: string;
}

const placed = defineEvent("order.placed", { payload: type<Order>(), key: ({ customer }) => customer });
const note = (): void => undefined;
const fleeting = defineRoom("fleeting/{id}", { log: "volatile", entry: type<string>(), state: type<string>(), calls: {} })
  .fold("", (_state, entry) => entry)
  .serve({ authorize: () => true, input: {}, decide: {} });

test.each([
  ["a name that is none", () => defineSubscription("No Name", placed, note)],
  ["an option that is none", () => defineSubscription("mail", placed, note, { retires: 3 } as never)],
  ["an option out of its bounds", () => defineSubscription("mail", placed, note, { concurrency: 0 })],
  ["an event's name that is none", () => defineEvent("Order!", { payload: type<Order>(), key: () => "a" })],
  ["a volatile room", () => defineSubscription("mail", fleeting, note)],
  ["an event without a key", () => defineEvent("order", { payload: type<Order>() } as never)],
])("%s is a mistake of the program", (_what, make) => {
  expect(make).toThrow(TypeError);
});

test("whatever the key, its log tells it again, and is no other's", () => {
  const keys = ["a", "a/b", "a%2Fb", "ä \n", "..", "{id}", "x".repeat(256)];

  const logs = keys.map((key) => logOf(placed, key));

  expect(logs.map((log) => keyOfLog(placed, log))).toEqual(keys);
  expect(new Set(logs).size).toBe(keys.length);
  expect(logs.filter((log) => log.split("/").length !== 4)).toEqual([]);
});

test.each(["", "x".repeat(257), "\ud800"])("a key such as %j is refused", (key) => {
  expect(() => logOf(placed, key)).toThrow(expect.objectContaining({ code: "INVALID_MESSAGE" }));
});
