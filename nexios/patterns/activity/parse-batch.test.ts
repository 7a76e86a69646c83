import { expect, test } from "vitest";
import { defaultActivityLimits, toActivityLimits } from "./limits.ts";
import { parseBatch } from "./parse-batch.ts";

const limits = defaultActivityLimits;
const event = (changes: object = {}) => ({ id: "1", type: "page", ...changes });
const codeOf = (value: unknown) => parseBatch({ events: [value] }, limits).rejected[0]?.code;

test.for([
  ["nothing", null],
  ["a list", []],
  ["without events", {}],
  ["with another field", { events: [], visitor: "ann" }],
  ["with a time that is none", { events: [], sentAt: 1.5 }],
  ["with 501 events", { events: Array.from({ length: 501 }, () => event()) }],
] as const)("a batch that is %s is refused whole", ([, value]) => {
  expect(() => parseBatch(value, limits)).toThrow(expect.objectContaining({ code: "INVALID_MESSAGE", status: 400 }));
});

test("500 events are a batch, and so is none", () => {
  expect(parseBatch({ events: Array.from({ length: 500 }, (_, index) => event({ id: String(index) })) }, limits).events).toHaveLength(500);
  expect(parseBatch({ events: [] }, limits)).toEqual({ events: [], sentAt: undefined, rejected: [] });
});

test.for([
  ["INVALID_EVENT", 1],
  ["INVALID_EVENT", event({ props: {} })],
  ["INVALID_ID", event({ id: undefined })],
  ["INVALID_ID", event({ id: "a b" })],
  ["INVALID_ID", event({ id: "x".repeat(65) })],
  ["INVALID_TYPE", event({ type: "" })],
  ["INVALID_TYPE", event({ type: "x".repeat(65) })],
  ["INVALID_TYPE", event({ type: "a\nb" })],
  ["INVALID_TIME", event({ at: 1.5 })],
  ["INVALID_TIME", event({ at: -1 })],
  ["INVALID_PATH", event({ path: "/\ud800" })],
  ["INVALID_PATH", event({ path: "x".repeat(2_049) })],
  ["INVALID_VISITOR", event({ visitor: "x".repeat(129) })],
  ["INVALID_PROPERTIES", event({ properties: [] })],
  ["INVALID_PROPERTIES", event({ properties: { a: { b: 1 } } })],
  ["INVALID_PROPERTIES", event({ properties: { a: "\0" } })],
  ["TOO_MANY_PROPERTIES", event({ properties: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`p${index}`, index])) })],
  ["TOO_LARGE", event({ properties: { a: "x".repeat(4_096) } })],
  ["TOO_LARGE", event({ properties: { a: "é".repeat(2_048) } })],
] as const)("an event is rejected with %s by itself", ([code, value]) => {
  const { events, rejected } = parseBatch({ events: [event(), value, event({ id: "2" })] }, limits);

  expect(rejected).toEqual([{ index: 1, code }]);
  expect(events.map(({ id }) => id)).toEqual(["1", "2"]);
});

test.for([
  ["an id of 64 characters", { id: "x".repeat(64) }],
  ["a type of 64 characters", { type: "x".repeat(64) }],
  ["a path of 2,048 characters", { path: "x".repeat(2_048) }],
  ["a visitor of 128 characters", { visitor: "x".repeat(128) }],
  ["20 properties", { properties: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`p${index}`, index])) }],
  ["properties of each kind", { properties: { text: "a\nb", number: 1.5, yes: true, nothing: null } }],
  ["4,096 bytes", { properties: { a: "x".repeat(4_096 - JSON.stringify(event({ properties: { a: "" } })).length) } }],
] as const)("an event may have %s", ([, changes]) => {
  expect(codeOf(event(changes))).toBeUndefined();
});

test("a property called __proto__ is a property", () => {
  const { events } = parseBatch(JSON.parse('{"events":[{"id":"1","type":"a","properties":{"__proto__":1}}]}'), limits);

  expect(JSON.stringify(events[0]?.properties)).toBe('{"__proto__":1}');
});

test.for([
  ["a name that is none", { events: 1 }, 'There is no limit of activity called "events"'],
  ["a value of 0", { labels: 0 }, 'The limit "labels" must be a number above 0, not 0'],
  ["a queue smaller than a batch", { queueEvents: 499 }, "A batch must fit into the queue"],
  ["a time further ahead than an hour", { aheadMs: 3_600_001 }, "aheadMs is an hour at most"],
  ["events that are forgotten before their ids may be", { keepEventsMs: 4 * 86_400_000 - 1 }, "keepEventsMs must be at least lateMs and two days"],
] as const)("limits with %s are a mistake", ([, given, message]) => {
  expect(() => toActivityLimits(given as object)).toThrow(message);
});
