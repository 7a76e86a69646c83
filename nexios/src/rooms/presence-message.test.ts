import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodePresence,
  decodeProcess,
  encodePresence,
  encodeProcess,
  isSendable,
  type PresenceMessage,
  type ProcessMessage,
  type Shown,
  toListParts,
} from "./presence-message.ts";

const encoder = new TextEncoder();
const id = fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" });
const number = fc.nat();
const at = fc.nat({ max: 2_000_000_000_000 });

function shownBy(process: string): fc.Arbitrary<Shown> {
  const state = fc.json().map((text) => encoder.encode(text));
  return fc.record({ process: fc.constant(process), id, userId: id, name: fc.string({ unit: "grapheme", maxLength: 20 }), at, state });
}

const message: fc.Arbitrary<PresenceMessage> = id.chain((process) =>
  fc.oneof(
    fc.record({ kind: fc.constant("put" as const), process: fc.constant(process), number, connection: shownBy(process) }),
    fc.record({ kind: fc.constant("drop" as const), process: fc.constant(process), number, id, at, reason: fc.constantFrom("left" as const, "lost" as const) }),
    fc.record({
      kind: fc.constant("list" as const),
      process: fc.constant(process),
      number,
      part: fc.nat({ max: 9 }),
      parts: fc.integer({ min: 10, max: 20 }),
      connections: fc.array(shownBy(process), { maxLength: 5 }),
    }),
    fc.record({ kind: fc.constant("digest" as const), process: fc.constant(process), number, count: number, isAsking: fc.boolean() }),
    fc.record({
      kind: fc.constant("ask" as const),
      process: fc.constant(process),
      to: fc.option(fc.array(id, { maxLength: 5 }), { nil: undefined }),
    }),
  ),
);

function shown(more: Partial<Shown> = {}): Shown {
  return { process: "p", id: "c1", userId: "ann", name: "Ann", at: 5, state: encoder.encode('{"x":1}'), ...more };
}

function take(fields: unknown): PresenceMessage | undefined {
  return decodePresence(encoder.encode(JSON.stringify(fields)));
}

test("what is encoded is decoded to the same message", () => {
  fc.assert(
    fc.property(message, (each) => {
      expect(decodePresence(encodePresence(each))).toEqual(each);
    }),
  );
});

test("a state keeps its very bytes", () => {
  const state = encoder.encode('{ "b" : 1.50, "a" : "\\u00e9" }');

  const decoded = decodePresence(encodePresence({ kind: "put", process: "p", number: 1, connection: shown({ state }) }));

  expect(decoded).toMatchObject({ connection: { state } });
});

test("what processes tell of themselves is decoded to the same", () => {
  const told: readonly ProcessMessage[] = [
    { kind: "beat", process: "p" },
    { kind: "gone", process: "p" },
  ];

  expect(told.map((each) => decodeProcess(encodeProcess(each)))).toEqual(told);
});

test("foreign bytes never throw, and give nothing", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect([decodePresence(bytes), decodeProcess(bytes)]).toEqual([undefined, undefined]);
    }),
  );
});

test("a message with bytes changed never throws", () => {
  fc.assert(
    fc.property(message, fc.nat(), fc.nat({ max: 255 }), (each, place, byte) => {
      const bytes = encodePresence(each);
      bytes[place % bytes.length] = byte;

      expect(() => decodePresence(bytes)).not.toThrow();
    }),
  );
});

const row = ["c1", "ann", "Ann", 5, "{}"];

test.each<[string, unknown]>([
  ["no process", ["digest", "", 1, 1, false]],
  ["a process that is no text", ["digest", 7, 1, 1, false]],
  ["an unknown kind", ["wave", "p", 1]],
  ["a number below zero", ["digest", "p", -1, 1, false]],
  ["a number that is none", ["digest", "p", "1", 1, false]],
  ["a digest without a count", ["digest", "p", 1]],
  ["a put without a connection", ["put", "p", 1]],
  ["a connection that is short", ["put", "p", 1, ["c1", "ann", "Ann", 5]]],
  ["a connection whose state is no JSON", ["put", "p", 1, ["c1", "ann", "Ann", 5, "{"]]],
  ["a connection whose name is no text", ["put", "p", 1, ["c1", "ann", null, 5, "{}"]]],
  ["a moment that no date has", ["put", "p", 1, ["c1", "ann", "Ann", 9e15, "{}"]]],
  ["a drop for an unknown reason", ["drop", "p", 1, "c1", 5, "bored"]],
  ["a part beyond its parts", ["list", "p", 1, 1, 1, [row]]],
  ["a list of too many parts", ["list", "p", 1, 0, 10_001, [row]]],
  ["a part with too many connections", ["list", "p", 1, 0, 1, Array.from({ length: 201 }, () => row)]],
  ["a list with one bad connection", ["list", "p", 1, 0, 1, [row, "c2"]]],
  ["an ask to too many", ["ask", "p", Array.from({ length: 101 }, () => "q")]],
  ["an ask to what is no text", ["ask", "p", [1]]],
  ["no list of fields", { kind: "ask" }],
])("refused: %s", (_, fields) => {
  expect(take(fields)).toBeUndefined();
});

test("a part may have 200 connections, and a message 64 KiB", () => {
  const full = ["list", "p", 1, 0, 1, Array.from({ length: 200 }, () => row)];

  const [taken, long] = [take(full), take(["digest", "p", 1, 1, false, "x".repeat(65_536)])];

  expect([taken?.kind, long]).toEqual(["list", undefined]);
});

test.each<[string, Partial<Shown>, boolean]>([
  [
    "all at their limits",
    { id: "i".repeat(512), userId: "\u0001".repeat(512), name: "\u0001".repeat(1_024), state: encoder.encode(`"${"\\\\".repeat(8_191)}"`) },
    true,
  ],
  ["an id that is too long", { id: "i".repeat(513) }, false],
  ["an empty id", { id: "" }, false],
  ["a user's id that is too long", { userId: "i".repeat(513) }, false],
  ["a name that is too long", { name: "n".repeat(1_025) }, false],
  ["a state of more than 16 KiB", { state: encoder.encode(`"${"\u00e9".repeat(8_192)}"`) }, false],
  ["a state that is no JSON", { state: encoder.encode("x") }, false],
])("a connection with %s is sendable just when others take it", (_, more, expected) => {
  const connection = shown({ process: "p".repeat(512), ...more });

  const decoded = decodePresence(encodePresence({ kind: "put", process: connection.process, number: 1, connection }));

  expect([isSendable(connection), decoded !== undefined]).toEqual([expected, expected]);
});

test("a list is cut at 200 connections, and before it is too long for a broker that takes 8,000 bytes", () => {
  const small = Array.from({ length: 401 }, (_, index) => shown({ id: `${index}`, userId: "a", name: "", state: encoder.encode("1") }));
  const large = Array.from({ length: 20 }, (_, index) => shown({ id: `${index}`, state: encoder.encode(`"${"x".repeat(1_000)}"`) }));

  const parts = [toListParts("p", 7, small), toListParts("p", 7, large)];

  expect(parts[0]?.map(({ part, parts: of, connections }) => [part, of, connections.length])).toEqual([
    [0, 3, 200],
    [1, 3, 200],
    [2, 3, 1],
  ]);
  expect(parts[1]?.flatMap(({ connections }) => connections)).toEqual(large);
  expect(Math.max(...parts.flat().map((part) => encodePresence(part).length))).toBeLessThan(8_000);
});

test("a list of nobody is one part", () => {
  expect(toListParts("p", 7, [])).toEqual([{ kind: "list", process: "p", number: 7, part: 0, parts: 1, connections: [] }]);
});
