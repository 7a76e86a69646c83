import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decodeJson, encodeJson, toJson } from "./json.ts";

// Both of these keys are refused, and have tests of their own.
const json = fc.jsonValue({ stringUnit: "grapheme", maxDepth: 5 }).filter((value) => !/"(__proto__|constructor)"/.test(JSON.stringify(value)));

/** JSON knows one zero. */
function withOneZero(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test("what JSON can carry comes out as it went in", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(decodeJson(encodeJson(value))).toStrictEqual(withOneZero(value));
    }),
  );
});

test("whatever is not refused comes out as it went in", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withObjectString: true,
  });
  let carried = 0;
  fc.assert(
    fc.property(fc.oneof(anything, json), (value) => {
      const bytes = tryEncode(value);
      if (bytes !== undefined) carried++;

      // `toEqual` takes an object without a prototype for one with: they have the same members.
      expect(bytes && decodeJson(bytes)).toEqual(bytes && replaceZeros(value));
    }),
    { numRuns: 500 },
  );
  expect(carried).toBeGreaterThan(50);
});

function tryEncode(value: unknown): Uint8Array | undefined {
  try {
    return encodeJson(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function replaceZeros(value: unknown): unknown {
  if (typeof value === "number") return value + 0;
  if (Array.isArray(value)) return value.map(replaceZeros);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, replaceZeros(child)]));
}

class Point {
  readonly x = 1;
}
const dropped: [string, unknown][] = [
  ["a Map", new Map([[1, 2]])],
  ["a Set", new Set([1])],
  ["undefined", undefined],
  ["a Date", new Date(0)],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["a bigint", 1n],
  ["a function", () => 1],
  ["a symbol", Symbol("x")],
  ["a Point", new Point()],
  ["a Uint8Array", new Uint8Array(2)],
  ["a Promise", Promise.resolve()],
  ["a text with half of a surrogate pair", "\ud800"],
  ["under a key that parsers refuse", JSON.parse('{"__proto__": 1}')],
  ["under a key that parsers refuse", { constructor: { prototype: 1 } }],
  ["an object with a symbol as a key", { [Symbol("x")]: 1 }],
  ["an array with members of its own", Object.assign([1], { extra: 1 })],
  ["undefined", Array.from({ length: 3 }).fill(1, 1)],
  // oxlint-disable-next-line no-sparse-arrays -- the hole is what is tested.
  ["undefined", [1, , 3]],
];

test.each(dropped)("%s is refused with its path", (why, value) => {
  const wrap = { lines: [{}, { "a key": value }] };

  expect(() => encodeJson(wrap, "entry")).toThrow(TypeError);
  expect(() => encodeJson(wrap, "entry")).toThrow(/^JSON cannot carry entry\.lines\[1\]\["a key"\]/);
  expect(() => encodeJson(wrap, "entry")).toThrow(`it is ${why}`);
});

test("what is inside itself is refused, and what is deep is not", () => {
  const round: { self?: unknown } = {};
  round.self = round;
  let deep: unknown = 1;
  for (let level = 0; level < 500; level++) deep = [deep];

  expect(() => encodeJson(round)).toThrow("inside itself");
  expect(decodeJson(encodeJson(deep))).toEqual(deep);
  expect(() => encodeJson([deep])).toThrow("nested deeper than 500");
});

test("a reader's bounds are kept: levels, and members and items of all objects and arrays together", () => {
  const bounds = { depth: 2, keys: 3 };

  expect(() => toJson([[1], 2], "entry", bounds)).not.toThrow();
  expect(() => toJson([[[]]], "entry", bounds)).toThrow("JSON cannot carry entry[0][0]: it is nested deeper than 2");
  expect(() => toJson([{ a: 1 }, 2, 3], "entry", bounds)).toThrow("JSON cannot carry entry[2]: it is one member too many");
});

test("one object at two places is no cycle", () => {
  const shared = { n: 1 };

  expect(decodeJson(encodeJson([shared, shared]))).toEqual([{ n: 1 }, { n: 1 }]);
});

test("-0 becomes 0", () => {
  expect(Object.is(decodeJson(encodeJson(-0)), 0)).toBe(true);
});
