import type { BytePool } from "../protocol/byte-pool.ts";
import type { JsonBounds } from "../protocol/json.ts";
import { toUtf8 } from "../protocol/utf8.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

// Deeper than any sound value; a cycle ends here instead of at the end of the stack.
const widest: JsonBounds = { depth: 500, keys: Infinity };

interface Left {
  readonly depth: number;
  keys: number;
}

interface Fault {
  readonly path: string;
  readonly why: string;
}

/**
 * JSON, for values that come out of it as they went in. What JSON drops or changes is refused instead of lost: `undefined` in an object or
 * array, Map, Set, Date, NaN, bigint, functions, symbols, instances of classes, holes; and what another's parser would refuse: `__proto__` as
 * a key, half of a surrogate pair. Only -0 becomes 0.
 * @param what How the message calls the value.
 * @param bounds Of who reads it: levels of nesting, and members and items of all objects and arrays together.
 * @throws TypeError with the path, as `entry.lines[3].when`.
 */
export function toJson(value: unknown, what = "value", { depth, keys } = widest): string {
  const fault = findFault(value, 0, { depth, keys });
  if (fault !== undefined) throw new TypeError(`JSON cannot carry ${what}${fault.path}: it is ${fault.why}`);
  return JSON.stringify(value);
}

/** The same as bytes; short ones from a pool if one is given. */
export function encodeJson(value: unknown, what?: string, pool?: BytePool): Uint8Array {
  return toUtf8(toJson(value, what), pool);
}

/** @throws SyntaxError for what is not JSON, TypeError for what is not UTF-8. */
export function decodeJson(bytes: Uint8Array): unknown {
  return JSON.parse(decoder.decode(bytes));
}

/** @param left What the rest of the value may have: each child takes a key away. */
function findFault(value: unknown, depth: number, left: Left): Fault | undefined {
  if (left.keys-- < 0) return { path: "", why: "one member too many" };
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? undefined : { path: "", why: "a text with half of a surrogate pair" };
    case "number":
      return Number.isFinite(value) ? undefined : { path: "", why: String(value) };
    case "boolean":
      return undefined;
    case "object":
      if (value === null) return undefined;
      if (depth === left.depth) return { path: "", why: `nested deeper than ${depth}, or inside itself` };
      return Array.isArray(value) ? findInArray(value, depth, left) : findInObject(value, depth, left);
    default:
      return { path: "", why: typeof value === "undefined" ? "undefined" : `a ${typeof value}` };
  }
}

function findInArray(array: readonly unknown[], depth: number, left: Left): Fault | undefined {
  // Walked by index, so that a hole is seen as the `undefined` that it reads as.
  for (let at = 0; at < array.length; at++) {
    const fault = findFault(array[at], depth + 1, left);
    if (fault !== undefined) return { path: `[${at}]${fault.path}`, why: fault.why };
  }
  if (Object.keys(array).length !== array.length) return { path: "", why: "an array with members of its own" };
  return undefined;
}

function findInObject(object: object, depth: number, left: Left): Fault | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype && Object.getPrototypeOf(prototype) !== null) return { path: "", why: `a ${nameOf(object)}` };
  if ("toJSON" in object && typeof object.toJSON === "function") return { path: "", why: "an object with toJSON" };
  if (Object.getOwnPropertySymbols(object).length > 0) return { path: "", why: "an object with a symbol as a key" };
  for (const [key, child] of Object.entries(object)) {
    if (isRefusedKey(key, child)) return { path: `[${JSON.stringify(key)}]`, why: "under a key that parsers refuse" };
    const fault = findFault(child, depth + 1, left);
    if (fault !== undefined) return { path: `${/^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`}${fault.path}`, why: fault.why };
  }
  return undefined;
}

function isRefusedKey(key: string, child: unknown): boolean {
  if (key === "constructor") return typeof child === "object" && child !== null && Object.hasOwn(child, "prototype");
  return key === "__proto__" || !key.isWellFormed();
}

function nameOf(object: object): string {
  return typeof object.constructor === "function" ? object.constructor.name : "object of a class";
}
