import { NexiosError } from "./failure.ts";
import type { Position } from "./position.ts";

/** An object of a peer's message, and where in the message it stands. */
export interface Fields {
  readonly values: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** The longest name of a room, a call or a signal, in characters. */
const nameLimit = 1_000;

/** @throws NexiosError INVALID_MESSAGE for what is no object. */
export function toFields(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new NexiosError("INVALID_MESSAGE", "A frame must be an object", { status: 400, path });
  return { values: value as Record<string, unknown>, path };
}

/** A whole number that counts or numbers something. @throws NexiosError INVALID_MESSAGE */
export function takeCount(fields: Fields, key: string, what: string): number {
  const value = fields.values[key];
  if (isCount(value)) return value;
  throw invalid(fields, key, `The frame's ${what} must be a whole number from 0 on`);
}

/** Milliseconds. @throws NexiosError INVALID_MESSAGE */
export function takeMs(fields: Fields, key: string, what: string): number {
  const value = fields.values[key];
  if (isFromZero(value) && value < Infinity) return value;
  throw invalid(fields, key, `The frame's ${what} must be a number from 0 on`);
}

/** @throws NexiosError INVALID_MESSAGE */
export function takeText(fields: Fields, key: string, what: string): string {
  const value = fields.values[key];
  if (typeof value === "string") return value;
  throw invalid(fields, key, `The frame's ${what} must be a text`);
}

/** A text that is not empty and has at most `limit` characters. @throws NexiosError INVALID_MESSAGE */
export function takeName(fields: Fields, key: string, what: string, limit = nameLimit): string {
  const value = fields.values[key];
  if (typeof value === "string" && value !== "" && value.length <= limit) return value;
  throw invalid(fields, key, `The frame's ${what} must be a text of 1 to ${limit} characters`);
}

/** True for 1, false where it is left out. @throws NexiosError INVALID_MESSAGE */
export function takeFlag(fields: Fields, key: string, what: string): boolean {
  const value = fields.values[key];
  if (value === undefined || value === 1) return value === 1;
  throw invalid(fields, key, `The frame's ${what} must be 1 or left out`);
}

/** @throws NexiosError INVALID_MESSAGE */
export function takePosition(fields: Fields, key: string, what: string): Position {
  const value = fields.values[key];
  if (Array.isArray(value)) {
    const [epoch, count, check] = value as unknown[];
    if (typeof epoch === "string" && epoch.length <= nameLimit && isCount(count) && isCount(check)) return { epoch, count, check };
  }
  throw invalid(fields, key, `The frame's ${what} must be a position: an epoch, a count and a check`);
}

/** What `take` gives, or `undefined` where the field is left out. */
export function takeOptional<T>(fields: Fields, key: string, what: string, take: (fields: Fields, key: string, what: string) => T): T | undefined {
  return fields.values[key] === undefined ? undefined : take(fields, key, what);
}

/** The failure that says what is wrong with one field of a frame. */
export function invalid(fields: Fields, key: string, message: string): NexiosError {
  return new NexiosError("INVALID_MESSAGE", message, { status: 400, path: `${fields.path}.${key}` });
}

function isCount(value: unknown): value is number {
  return isFromZero(value) && Number.isSafeInteger(value);
}

/** -0 is not: it would not come back from JSON as it went in. */
function isFromZero(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && !Object.is(value, -0);
}
