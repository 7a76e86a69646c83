import { expect, test } from "vitest";
import { NexiosError } from "../protocol/failure.ts";
import { defineRoom } from "./define-room.ts";
import { encodeJson } from "./json.ts";
import { floor, lot } from "./rooms.fixture.ts";
import { type } from "./type.ts";

const definition = { log: "durable", entry: type<{ n: number }>(), state: type<{ sum: number }>() } as const;
const evolve = (state: { sum: number }, { n }: { n: number }) => ({ sum: state.sum + n });

function codeOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof NexiosError) return error.code;
    throw error;
  }
  return "read";
}

test("the state is the fold of the entries", () => {
  const lines = [{ line: "a" }, { line: "b" }].reduce(floor.evolve, floor.initial());

  expect(lines).toEqual(["a", "b"]);
});

test("entries and states come back from bytes as they were", () => {
  const entry = { kind: "bid", paddle: "7", price: 20 } as const;
  const state = lot.evolve(lot.initial(), entry);

  expect(lot.decodeEntry(lot.encodeEntry(entry))).toEqual(entry);
  expect(lot.decodeState(lot.encodeState(state))).toEqual(state);
  expect([lot.entryFormat, lot.stateFormat]).toEqual(["json", "json"]);
});

test("an entry that JSON cannot carry is refused with its path", () => {
  expect(() => floor.encodeEntry({ line: undefined } as never)).toThrow("JSON cannot carry entry.line: it is undefined");
});

test("what an older version wrote is lifted, what this one wrote is not", () => {
  const room = defineRoom("x", {
    ...definition,
    version: 3,
    upgrade: { entry: (value, from) => ({ n: (value as { m: number }).m * from }), state: (value) => ({ sum: value as number }) },
  }).fold({ sum: 0 }, evolve);

  expect(room.decodeEntry(encodeJson({ m: 5 }), 1)).toEqual({ n: 5 });
  expect(room.decodeEntry(encodeJson({ m: 5 }), 2)).toEqual({ n: 10 });
  expect(room.decodeEntry(encodeJson({ n: 5 }), 3)).toEqual({ n: 5 });
  expect(room.decodeEntry(encodeJson({ n: 5 }))).toEqual({ n: 5 });
  expect(room.decodeState(encodeJson(7), 2)).toEqual({ sum: 7 });
});

test("an older value without an upgrade is taken as it is", () => {
  const room = defineRoom("x", { ...definition, version: 2 }).fold({ sum: 0 }, evolve);

  expect(room.decodeEntry(encodeJson({ n: 5 }), 1)).toEqual({ n: 5 });
});

test("a version after ours, and bytes that are none of ours, are told apart", () => {
  const bytes = encodeJson({ n: 1 });
  const room = defineRoom("x", { ...definition, version: 2 }).fold({ sum: 0 }, evolve);

  expect(codeOf(() => room.decodeEntry(bytes, 2))).toBe("read");
  expect(codeOf(() => room.decodeEntry(bytes, 3))).toBe("VERSION_AHEAD");
  expect(codeOf(() => room.decodeState(bytes, 3))).toBe("VERSION_AHEAD");
  expect(codeOf(() => room.decodeEntry(bytes.subarray(1)))).toBe("UNREADABLE");
  expect(codeOf(() => room.decodeState(new Uint8Array([0x22, 0xff, 0x22])))).toBe("UNREADABLE");
});

test("a contract may bring its own bytes", () => {
  const room = defineRoom("collab/{documentId}", {
    log: "durable",
    entry: type<Uint8Array>(),
    state: type<Set<number>>(),
    version: 2,
    codec: {
      entry: { encode: (entry) => entry, decode: (bytes, version) => (version === 1 ? bytes.map((byte) => byte + 1) : bytes) },
      state: { encode: (state) => Uint8Array.from(state), decode: (bytes) => new Set(bytes) },
    },
  }).fold(
    () => new Set(),
    (state, entry) => {
      for (const byte of entry) state.add(byte);
      return state;
    },
  );
  const state = room.evolve(room.initial(), new Uint8Array([1, 2]));

  expect([room.entryFormat, room.stateFormat, room.changesInPlace]).toEqual(["bytes", "bytes", true]);
  expect(room.decodeState(room.encodeState(state))).toEqual(new Set([1, 2]));
  expect(room.decodeEntry(new Uint8Array([4]), 1)).toEqual(new Uint8Array([5]));
  expect(room.initial()).toEqual(new Set());
});

test("a first state that is a value cannot be changed, so that no room's past reaches another", () => {
  const room = defineRoom("x", { ...definition, state: type<{ list: number[] }>() }).fold({ list: [] }, (state, { n }) => {
    state.list.push(n);
    return state;
  });

  expect(() => room.evolve(room.initial(), { n: 1 })).toThrow(TypeError);
  expect(room.initial()).toEqual({ list: [] });
  expect(room.changesInPlace).toBe(false);
});

test.each([new Map(), new Uint8Array(1), new Date(0), { deep: [new Set()] }])(
  "a first state that freezing does not hold is refused as a value: %o",
  (initial) => {
    expect(() => defineRoom("x", { ...definition, state: type<object>() }).fold(initial, (state) => state)).toThrow("a function that makes it anew");
  },
);

test("an evolve that returns nothing is refused", () => {
  const room = defineRoom("x", definition).fold({ sum: 0 }, () => undefined as never);

  expect(() => room.evolve(room.initial(), { n: 1 })).toThrow("evolve must return the state");
});

test.each([0, -1, 1.5, Number.NaN, "2"])("the version %j is refused", (version) => {
  expect(() => defineRoom("x", { ...definition, version: version as number })).toThrow("must be an integer from 1");
});

test("a name may not be a call and a question at once, and has a plain form", () => {
  const result = type<number>();

  expect(() => defineRoom("x", { ...definition, calls: { sum: {} }, questions: { sum: { result } } })).toThrow('"sum"');
  expect(() => defineRoom("x", { ...definition, calls: { "a b": {} } })).toThrow('"a b"');
  expect(() => defineRoom("x", { ...definition, signals: { "": result } })).toThrow(TypeError);
});

test("a contract tells at run time what its types say", () => {
  expect(lot.calls.get("bid")).toEqual({ hasInput: true, hasResult: true, refusals: new Set(["TOO_LOW", "CLOSED"]) });
  expect(lot.calls.get("note")).toEqual({ hasInput: false, hasResult: false, refusals: new Set() });
  expect([[...lot.questions.keys()], [...lot.signals], lot.hasPresence, lot.log, lot.version]).toEqual([["mine"], ["wave"], true, "durable", 1]);
  expect(floor.hasPresence).toBe(false);
});
