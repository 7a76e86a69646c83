import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonBounds, JsonError, parseJson } from "./json.ts";

const bounds: JsonBounds = { depth: 32, keys: 10_000 };
const wide: JsonBounds = { depth: 1_000, keys: 1_000_000 };

/** Why it is refused, or the value. */
function outcome(text: string, within = bounds): unknown {
  try {
    return parseJson(text, within);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return error.message;
  }
}

/** What must be refused, said on the parsed value. */
function isForbidden(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (typeof value === "string") return !value.isWellFormed();
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, child]) =>
      key === "__proto__" ||
      !key.isWellFormed() ||
      (key === "constructor" && typeof child === "object" && child !== null && Object.hasOwn(child, "prototype")) ||
      isForbidden(child),
  );
}

/** JSON in which characters of strings are written as escapes, as an attacker writes them. */
const escapedJson = fc
  .tuple(fc.json({ stringUnit: "binary" }), fc.integer({ min: 1, max: 5 }))
  .map(([text, every]) => text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => (quoted.includes("\\") ? quoted : escapeEach(quoted, every))));

function escapeEach(quoted: string, every: number): string {
  const units = Array.from({ length: quoted.length - 2 }, (_, at) => quoted.charCodeAt(at + 1));
  return `"${units.map((unit, at) => (at % every === 0 ? `\\u${unit.toString(16).padStart(4, "0")}` : String.fromCharCode(unit))).join("")}"`;
}

const keys = fc.constantFrom("__proto__", "constructor", "prototype", "a", "toString", "\ud800", "😀");
const nasty = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(
      "1e999",
      "-1e400",
      "1e308",
      "1",
      '"x"',
      '"__proto__"',
      '"constructor"',
      "null",
      '"\\ud800"',
      `1${"0".repeat(400)}`,
      `0.${"0".repeat(400)}1`,
    ),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
    fc
      .array(fc.tuple(keys, tie("value")), { maxLength: 3 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}: ${String(value)}`).join(" , ")}}`),
  ),
})).value;

test("what JSON.parse takes comes out equal, unless it has something that is refused", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json({ stringUnit: "binary" }), escapedJson, nasty), (text) => {
      const value: unknown = JSON.parse(text);

      const parsed = outcome(text, wide);

      const isRefused = typeof parsed === "string" && parsed.startsWith("The message has ");
      expect(isRefused).toBe(isForbidden(value));
      expect(isRefused || isDeepStrictEqual(parsed, value)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("what JSON.parse does not take is refused with our own sentence", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!isJson(text));

      expect(outcome(text, wide)).toBe("The message is not JSON");
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ['{"__proto__":{"x":1}}', 'The message has a key "__proto__"'],
  ['{"\\u005f_proto__":{"x":1}}', 'The message has a key "__proto__"'],
  ['{"\\u005f\\u005f\\u0070roto\\u005F_":1}', 'The message has a key "__proto__"'],
  ['[{"a":[{"__proto__":null}]}]', 'The message has a key "__proto__"'],
  ['{"constructor":{"prototype":{"x":1}}}', 'The message has a key "constructor.prototype"'],
  ['{"c\\u006fnstructor":{"prototyp\\u0065":1}}', 'The message has a key "constructor.prototype"'],
  ["1e999", "The message has a number that is too large"],
  ["-1E+400", "The message has a number that is too large"],
  [`[${"9".repeat(400)}]`, "The message has a number that is too large"],
  [`[-${"9".repeat(310)}.5]`, "The message has a number that is too large"],
  ['"\\ud800"', "The message has half of a surrogate pair"],
  ['["\\udc00\\ud800"]', "The message has half of a surrogate pair"],
  ['{"\\uD800":1}', "The message has half of a surrogate pair"],
  ["", "The message is not JSON"],
  [" ", "The message is not JSON"],
  ["\uFEFF1", "The message is not JSON"],
  ["10n", "The message is not JSON"],
  ["NaN", "The message is not JSON"],
  ["Infinity", "The message is not JSON"],
  ["01", "The message is not JSON"],
  ["1 2", "The message is not JSON"],
  ["{'a':1}", "The message is not JSON"],
  ["[1,]", "The message is not JSON"],
  ["]", "The message is not JSON"],
  ['"', "The message is not JSON"],
  ['"\\', "The message is not JSON"],
  ['"\u0000"', "The message is not JSON"],
  ["undefined", "The message is not JSON"],
])("%j is refused", (text, reason) => {
  expect(outcome(text)).toBe(reason);
});

test.each<[string, unknown]>([
  ['{"constructor":1,"prototype":2}', { constructor: 1, prototype: 2 }],
  ['{"constructor":{"name":"x"}}', { constructor: { name: "x" } }],
  ['"__proto__"', "__proto__"],
  ['["constructor.prototype"]', ["constructor.prototype"]],
  ['"\\ud83d\\ude00"', "😀"],
  ['{"a":1,"a":2}', { a: 2 }],
  ["1.7976931348623157e308", Number.MAX_VALUE],
  [`0.${"0".repeat(400)}1`, 0],
  ["1e-999", 0],
  ["-0", -0],
  ["9007199254740993", 9_007_199_254_740_992],
  ['"{[,{[,"', "{[,{[,"],
  ['"\\"[[["', '"[[['],
  [' \t\r\n{ "a" : [ ] } ', { a: [] }],
])("%j is taken", (text, value) => {
  expect(parseJson(text, bounds)).toEqual(value);
});

function nested(depth: number): string {
  return `${"[".repeat(depth)}${"]".repeat(depth)}`;
}

function array(count: number): string {
  return JSON.stringify(Array.from({ length: count }, () => 1));
}

function object(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [index, 1])));
}

test("depth is taken up to its bound, and refused one past it", () => {
  expect(Array.isArray(outcome(nested(32)))).toBe(true);
  expect(outcome(nested(33))).toBe("The message is nested deeper than 32");
  expect(outcome('{"a":'.repeat(33))).toBe("The message is nested deeper than 32");
  expect(outcome(nested(10_000))).toBe("The message is nested deeper than 32");
  expect(Array.isArray(outcome(`[${'{"a":[]},'.repeat(100)}1]`))).toBe(true);
});

test("keys and items are taken up to their bound together, and refused one past it", () => {
  const reason = "The message has more than 10000 keys and items";

  expect(outcome(array(10_000))).toHaveLength(10_000);
  expect(outcome(array(10_001))).toBe(reason);
  expect(Object.keys(outcome(object(10_000)) as object)).toHaveLength(10_000);
  expect(outcome(object(10_001))).toBe(reason);
  expect(outcome(`[${array(5_000)},${object(4_998)}]`)).toHaveLength(2);
  expect(outcome(`[${array(5_000)},${object(4_999)}]`)).toBe(reason);
});

test.each([
  ["[[],[]]", 2],
  ["[[ ],{}]", 2],
  ['[[1],{"a":2},[]]', 5],
  ["[[\n],[\t]]", 2],
])("an empty array or object holds nothing: %j has %i keys and items", (text, count) => {
  expect(outcome(text, { depth: 9, keys: count })).toEqual(JSON.parse(text));
  expect(outcome(text, { depth: 9, keys: count - 1 })).toBe(`The message has more than ${count - 1} keys and items`);
});

test("with its bounds lifted a message of any depth is looked through", () => {
  const deep = `${"[".repeat(300_000)}"__proto__",{"__proto__":1}${"]".repeat(300_000)}`;
  const lifted = { depth: Infinity, keys: Infinity };

  expect(outcome(deep, lifted)).toBe('The message has a key "__proto__"');
  expect(Array.isArray(outcome(deep.replace('{"__proto__":1}', "1"), lifted))).toBe(true);
});

test("commas and brackets in strings are not counted", () => {
  const text = JSON.stringify([",".repeat(20_000), "[".repeat(20_000), '",[\\'.repeat(5_000)]);

  expect(outcome(text)).toHaveLength(3);
});

test("no object but the message itself is changed by what is parsed", () => {
  for (const text of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '{"a":{"__proto__":{"polluted":1}}}']) outcome(text);

  expect("polluted" in {}).toBe(false);
  expect("polluted" in Object).toBe(false);
});

test("64 KiB of anything are answered", () => {
  const full = 65_536;
  const hostile = [
    "[",
    "{",
    '"',
    "\\",
    '"\\u',
    "1",
    "9e",
    ",",
    "]",
    '{"a":',
    '["',
    '{"__proto__":',
    "-",
    " ",
    "\\\\",
    '"a",',
    "e9",
    "constructor",
    "[[],",
    "\ud83d",
  ].map((unit) => unit.repeat(Math.floor(full / unit.length)));

  for (const text of hostile) {
    expect(typeof outcome(text)).toMatch(/string|number/);
    expect(typeof outcome(`[${text}]`, wide)).toMatch(/string|object/);
    expect(outcome(JSON.stringify(text), wide)).toBe(text.isWellFormed() ? text : "The message has half of a surrogate pair");
  }
});
