import * as fc from "fast-check";
import type { ErrorCode } from "./codes.ts";
import type { ClientFrame, EntryFrame, Payload, PersonFrame, ServerFrame, SnapshotReason } from "./frame.ts";
import type { Position } from "./position.ts";

const encoder = new TextEncoder();
const record = <T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> => fc.record(model, { noNullPrototype: true });
const space = fc.constantFrom("", "", " ", "\t", "\r\n", "\n \n");
const scalar = fc.oneof(
  fc.constantFrom("null", "true", "1.0", "1e400", "-1E+400", "-0", "0.10e-2", `1${"0".repeat(30)}`, '"\\u0064"', '"\\/\\u00e9\\n"', '"é€😀\u2028"'),
  fc.string({ unit: "binary", maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\"d\\":"', '"}"', '"\\\\"', '"[,{"'),
);

/** JSON as anyone may write it: what parsing and writing it again would change. */
export const anyJsonText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(fc.tuple(space, tie("value"), space), { maxLength: 4 }).map((items) => `[${items.map((item) => item.join("")).join(",")}]`),
    fc
      .array(fc.tuple(space, fc.constantFrom('"d"', '"l"', '"t"', '"\\u0064"', '"b"', '"0"', '""'), space, tie("value"), space), { maxLength: 4 })
      .map((members) => `{${members.map(([before, key, between, value, after]) => `${before}${key}${between}:${between}${value}${after}`).join(",")}}`),
  ),
})).value;

/** A value that JSON carries, and that the bounded parser takes. */
const anyJsonValue: fc.Arbitrary<unknown> = fc
  .jsonValue({ stringUnit: "grapheme", maxDepth: 4 })
  .map((value): unknown => JSON.parse(JSON.stringify(value)))
  .filter((value) => !/"(__proto__|constructor)"/.test(JSON.stringify(value)));

const count = fc.oneof(fc.nat({ max: 300 }), fc.maxSafeNat());
const milliseconds = fc.oneof(fc.maxSafeNat(), fc.double({ min: 0.001, max: 1e15, noNaN: true }));
const text = fc.string({ unit: "binary", maxLength: 20 });
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const epoch = fc.oneof(fc.uuid(), text);
const position: fc.Arbitrary<Position> = record({ epoch, count, check: count });
const json = anyJsonText.map((content) => encoder.encode(content));
const payload: fc.Arbitrary<Payload> = fc.oneof(
  record({ format: fc.constant("json" as const), bytes: fc.oneof(json, fc.constant(new Uint8Array())) }),
  record({ format: fc.constant("bytes" as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
);
const reason = fc.constantFrom<SnapshotReason>("new", "gap", "epoch", "far");
const code = fc.constantFrom<ErrorCode>("FORBIDDEN", "OVERLOADED", "INTERNAL");
const callId = fc.oneof(
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const input: fc.Arbitrary<unknown> = maybe(fc.oneof({ arbitrary: anyJsonValue, weight: 2 }, { arbitrary: fc.uint8Array({ maxLength: 40 }), weight: 1 }));
const kind = <Kind extends string>(of: Kind): fc.Arbitrary<Kind> => fc.constant(of);

const entry: fc.Arbitrary<EntryFrame> = record({
  kind: kind("entry"),
  room: count,
  count,
  check: count,
  epoch: maybe(epoch),
  at: milliseconds,
  callId: maybe(fc.oneof(callId, text)),
  version: count,
  payload,
});
const person: fc.Arbitrary<PersonFrame> = record({ userId: text, name: text, state: json });
const people = fc.array(person, { maxLength: 4 });
const wholeSnapshot = { kind: kind("snapshot"), room: count, position, why: reason, version: count, inflatedBytes: maybe(count), payload };
const piece = record({ format: fc.constantFrom("json" as const, "bytes" as const), bytes: fc.uint8Array({ maxLength: 40 }) });

/** Any frame of a server, each kind equally often. */
export const anyServerFrame: fc.Arbitrary<ServerFrame> = fc.oneof(
  entry,
  record({
    kind: kind("welcome"),
    now: milliseconds,
    userId: text,
    name: text,
    expiresInMs: maybe(milliseconds),
    messageBytes: count,
    messageFrames: count,
  }),
  record({ kind: kind("renewed"), id: count, expiresInMs: maybe(milliseconds) }),
  record({ kind: kind("pong"), sentAt: milliseconds, now: milliseconds }),
  record({ kind: kind("joined"), id: count, room: count, head: position, snapshot: maybe(reason) }),
  record({ ...wholeSnapshot, part: fc.constant(0), parts: fc.constant(1) }),
  record({ ...wholeSnapshot, part: count, parts: fc.integer({ min: 2, max: 1_000 }), payload: piece }),
  record({ kind: kind("accepted"), id: count, position, result: maybe(json) }),
  record({ kind: kind("refused"), id: count, position: maybe(position), code: text, data: maybe(json) }),
  record({ kind: kind("answered"), id: count, value: json }),
  record({ kind: kind("failed"), id: count, code, message: text, path: maybe(text), retryAfterMs: maybe(milliseconds) }),
  record({ kind: kind("history"), id: count, room: count, entries: fc.array(entry, { maxLength: 4 }), isEnd: fc.boolean() }),
  record({ kind: kind("signal"), room: count, name: text, userId: text, payload: json }),
  record({ kind: kind("people"), room: count, people: maybe(people), count }),
  record({ kind: kind("presence"), room: count, put: people, drop: fc.array(text, { maxLength: 4 }) }),
  record({ kind: kind("left"), room: count, code }),
  record({ kind: kind("ignored"), room: maybe(count), code, message: text, path: maybe(text), retryAfterMs: maybe(milliseconds) }),
  record({ kind: kind("drain"), room: maybe(count), afterMs: milliseconds, windowMs: milliseconds }),
);

/** Any frame of a client, each kind equally often. */
export const anyClientFrame: fc.Arbitrary<ClientFrame> = fc.oneof(
  record({ kind: kind("hello"), token: maybe(name), client: maybe(name), inflates: fc.boolean() }),
  record({ kind: kind("renew"), id: count, token: name }),
  record({ kind: kind("ping"), sentAt: milliseconds }),
  record({ kind: kind("cancel"), id: count }),
  record({ kind: kind("join"), id: count, room: name, version: count, since: maybe(wellFormed(position)), presence: maybe(anyJsonValue) }),
  record({ kind: kind("leave"), room: count }),
  record({ kind: kind("call"), id: count, room: count, name, input, callId, isRepeat: fc.boolean() }),
  record({ kind: kind("ask"), id: count, room: count, name, input }),
  record({ kind: kind("signal"), room: count, name, payload: maybe(anyJsonValue) }),
  record({ kind: kind("presence"), room: count, state: maybe(anyJsonValue) }),
  record({ kind: kind("history"), id: count, room: count, before: count, limit: count }),
);

const place = fc.nat({ max: 1_000_000 });
const characters = fc
  .tuple(
    place,
    fc.nat({ max: 6 }),
    fc.oneof(
      fc.constantFrom("", '"', "{", "}", "[", "]", ",", ":", "\\", "\n", '"\\u0064":1,', '{"t":"l","r":1}', "\ud800"),
      fc.string({ unit: "binary", maxLength: 3 }),
    ),
    fc.boolean(),
  )
  .map(([where, length, put, doubles]) => (before: string) => {
    const at = where % (before.length + 1);
    return `${before.slice(0, at)}${doubles ? before.slice(at, at + length) : ""}${put}${before.slice(doubles ? at : at + length)}`;
  });
const tokens = fc
  .tuple(place, fc.constantFrom("-1", "0.5", "1e999", "9007199254740992", "null", '""', '"d"', '"e"', '"h"', '"r"', "[]", "{}", "[1,2]", "true"))
  .map(([where, put]) => (before: string) => {
    const found = [...before.matchAll(/-?\d[\d.eE+-]*|"(?:[^"\\]|\\.)*"|null/g)];
    const { index, 0: old } = found[where % Math.max(1, found.length)] ?? { index: 0, 0: "" };
    return `${before.slice(0, index)}${put}${before.slice(index + old.length)}`;
  });

/** One change of a text: characters taken away, doubled or put in, or one name or value in place of another. */
export const anyEdit: fc.Arbitrary<(before: string) => string> = fc.oneof(characters, tokens);

function wellFormed(of: fc.Arbitrary<Position>): fc.Arbitrary<Position> {
  return of.map((given) => ({ ...given, epoch: given.epoch.toWellFormed() }));
}
