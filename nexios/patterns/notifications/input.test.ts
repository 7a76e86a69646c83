import type { Schema } from "nexios/contract";
import { expect, test } from "vitest";
import { inboxInputs } from "./input.ts";
import { defaultInboxLimits, type InboxLimits } from "./limits.ts";

type Name = keyof ReturnType<typeof inboxInputs>;

/** What is wrong with an input, or nothing. */
function faultOf(name: Name, input: unknown, limits: Partial<InboxLimits> = {}): string | undefined {
  const schema = inboxInputs({ ...defaultInboxLimits, ...limits })[name] as Schema<unknown>;
  const checked = schema["~standard"].validate(input);
  if (checked instanceof Promise) throw new TypeError("It waits");
  return checked.issues?.[0]?.message;
}

const whole = {
  category: "outbid",
  thread: "lot-1",
  title: "A bid",
  body: "More\nthan one line",
  link: "/lots/1",
  priority: "high",
  collapseKey: "lot-1",
  expiresAt: 1,
  data: { price: 1, list: [null, true, "x"] },
  producer: "auction",
  idempotencyKey: "bid 7",
};

test("a notification with all that it can have is taken, and so is the least one", () => {
  expect(faultOf("create", whole)).toBeUndefined();
  expect(faultOf("create", { category: "outbid", title: "A bid" })).toBeUndefined();
});

test.for<[string, unknown, Partial<InboxLimits>?]>([
  ["an object", "text"],
  ['without "id"', { ...whole, id: "7" }],
  ["with category as", { title: "A bid" }],
  ["with title as", { ...whole, title: "" }],
  ["with title as", { ...whole, title: "two\nlines" }],
  ["with title as", { ...whole, title: "half \ud800" }],
  ["with title as a text of 1 to 10", { ...whole, title: "x".repeat(11) }, { titleCharacters: 10 }],
  ["with body as a text of up to 10", { ...whole, body: "x".repeat(11) }, { bodyCharacters: 10 }],
  ["with body as", { ...whole, body: "bell \u0007" }],
  ["with link as a text of 1 to 10", { ...whole, link: `/${"x".repeat(10)}` }, { linkCharacters: 10 }],
  ["with link as a path", { ...whole, link: "javascript:alert(1)" }],
  ["with link as a path", { ...whole, link: "//elsewhere.example" }],
  ["with link as a path", { ...whole, link: "/\\elsewhere.example" }],
  ["with thread as a text of 1 to 8", { ...whole, thread: "123456789" }, { nameCharacters: 8 }],
  ["with collapseKey as", { ...whole, collapseKey: 7 }],
  ["with priority as one of low, normal, high, critical", { ...whole, priority: "urgent" }],
  ["with expiresAt as whole milliseconds", { ...whole, expiresAt: 1.5 }],
  ["with expiresAt as whole milliseconds", { ...whole, expiresAt: 9e15 }],
  ["with expiresAt as", { ...whole, expiresAt: "2027-01-01" }],
  ["with data as of up to 10", { ...whole, data: { text: "x".repeat(10) } }, { dataCharacters: 10 }],
  ["with data as an object of plain JSON", { ...whole, data: JSON.parse('{"__proto__":1}') }],
  ["with data as an object of plain JSON", { ...whole, data: [1] }],
  ["with data as an object of plain JSON", { ...whole, data: nested(30) }],
  ["with a producer and an idempotencyKey, or neither", { category: "outbid", title: "A bid", producer: "auction" }],
  ["with a producer and an idempotencyKey, or neither", { category: "outbid", title: "A bid", idempotencyKey: "7" }],
])("a notification must be %s", ([what, input, limits]) => {
  expect(faultOf("create", input, limits)).toContain(what);
});

test.for<[Name, unknown, Partial<InboxLimits>?]>([
  ["received", { upTo: -1 }],
  ["received", { upTo: 1, category: "outbid" }],
  ["seen", { upTo: 1.5 }],
  ["readAll", { upTo: "1" }],
  ["readAll", { upTo: 1, category: "" }],
  ["read", { ids: "1" }],
  ["read", { ids: [1] }],
  ["unread", { ids: ["1", "2", "3"] }, { ids: 2 }],
  ["archive", { ids: ["x".repeat(65)] }],
  ["unarchive", {}],
  ["snooze", { ids: ["1"] }],
  ["snooze", { ids: ["1"], until: -1 }],
  ["mute", { thread: "", until: 1 }],
  ["mute", { thread: "lot-1", until: Infinity }],
  ["prefer", { category: "outbid", channel: "sms", choice: "on" }],
  ["prefer", { category: "outbid", channel: "push", choice: "maybe" }],
  ["prefer", { category: "outbid", channel: "live", choice: "digest" }],
  ["quiet", { hours: { from: "22:00", to: "22:00", zone: "UTC" } }],
  ["quiet", { hours: { from: "24:00", to: "06:00", zone: "UTC" } }],
  ["quiet", { hours: { from: "22:00", to: "06:00", zone: "Mars/Base" } }],
  ["quiet", { hours: { from: "22:00", to: "06:00" } }],
  ["addEndpoint", { channel: "push", label: "Phone", subscription: { endpoint: "http://push.example/1", keys: { p256dh: "a", auth: "b" } } }],
  ["addEndpoint", { channel: "push", label: "Phone", subscription: { endpoint: "https://push.example/1", keys: { p256dh: "a b", auth: "b" } } }],
  ["addEndpoint", { channel: "push", label: "Phone", address: "ann@example.com" }],
  ["addEndpoint", { channel: "email", label: "Mail", address: "ann@example.com, bob@example.com" }],
  ["addEndpoint", { channel: "email", label: "Mail", address: `${"a".repeat(250)}@example.com` }],
  ["removeEndpoint", { id: "" }],
  ["delivered", { delivery: "1-push", endpoint: "e", status: "lost", attempt: 1 }],
  ["delivered", { delivery: "1-push", endpoint: "e", status: "sent", attempt: 0 }],
  ["delivered", { delivery: "1-push", endpoint: "e", status: "failed", attempt: 1, error: "xx" }, { reportCharacters: 1 }],
])("%s does not take %j", ([name, input, limits]) => {
  expect(faultOf(name, input, limits)).toMatch(/^It must be /);
});

test("calls take what fits", () => {
  const subscription = { endpoint: "https://push.example/1", expirationTime: null, keys: { p256dh: "BA-_", auth: "x" } };

  expect([
    faultOf("received", { upTo: 0 }),
    faultOf("seen", { upTo: 7, category: "outbid" }),
    faultOf("read", { ids: [] }),
    faultOf("snooze", { ids: ["1"], until: null }),
    faultOf("mute", { thread: "lot-1", until: 1 }),
    faultOf("prefer", { category: "outbid", channel: "live", choice: "off" }),
    faultOf("quiet", { hours: null }),
    faultOf("quiet", { hours: { from: "22:00", to: "06:00", zone: "Europe/Berlin" } }),
    faultOf("addEndpoint", { channel: "push", label: "Phone", subscription }),
    faultOf("addEndpoint", { channel: "email", label: "Mail", address: "ann@example.com" }),
    faultOf("delivered", { delivery: "1-push", endpoint: "e", status: "gone", attempt: 1, providerId: "p" }),
  ]).toEqual(Array.from({ length: 11 }, () => undefined));
});

function nested(depth: number): unknown {
  return depth === 0 ? {} : { in: nested(depth - 1) };
}
