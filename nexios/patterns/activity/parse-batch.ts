import { NexiosError } from "nexios";
import type { NewEvent, PropertyValue, Rejection, RejectionCode } from "./event.ts";
import type { ActivityLimits } from "./limits.ts";

/** A batch as far as it can be taken. */
export interface ParsedBatch {
  readonly events: readonly NewEvent[];
  readonly sentAt: number | undefined;
  readonly rejected: readonly Rejection[];
}

const latestTime = 8_640_000_000_000_000;
const idPattern = /^[A-Za-z0-9_-]+$/;
const controls = /\p{Cc}/u;
const eventFields: ReadonlySet<string> = new Set<keyof NewEvent>(["id", "type", "at", "path", "visitor", "properties"]);
const batchFields: ReadonlySet<string> = new Set(["events", "sentAt"]);
const utf8 = new TextEncoder();

/** Reads what came through either door. An event that does not fit is rejected by itself. @throws NexiosError INVALID_MESSAGE for what is no batch */
export function parseBatch(value: unknown, limits: ActivityLimits): ParsedBatch {
  const fault = findBatchFault(value, limits);
  if (fault !== undefined) throw new NexiosError("INVALID_MESSAGE", fault, { status: 400 });
  // What has no fault has this form.
  const { events, sentAt } = value as { readonly events: readonly unknown[]; readonly sentAt?: number };
  const taken: NewEvent[] = [];
  const rejected: Rejection[] = [];
  for (const [index, event] of events.entries()) {
    const code = findFault(event, limits);
    // What has no fault has been looked at whole.
    if (code === undefined) taken.push(event as NewEvent);
    else rejected.push({ index, code });
  }
  return { events: taken, sentAt, rejected };
}

/** Why something is no batch, whatever its events are. */
export function findBatchFault(value: unknown, limits: ActivityLimits): string | undefined {
  if (!isObject(value)) return "A batch is an object";
  const { events, sentAt } = value;
  for (const field of Object.keys(value)) if (!batchFields.has(field)) return `A batch has no "${field}": it is { events, sentAt }`;
  if (!Array.isArray(events)) return "A batch has a list of events";
  if (events.length > limits.batchEvents) return `A batch has ${limits.batchEvents} events at most`;
  return sentAt === undefined || isTime(sentAt) ? undefined : "sentAt is in whole milliseconds since 1970";
}

function findFault(event: unknown, limits: ActivityLimits): RejectionCode | undefined {
  if (!isObject(event)) return "INVALID_EVENT";
  for (const field of Object.keys(event)) if (!eventFields.has(field)) return "INVALID_EVENT";
  const { id, type, at, path, visitor, properties } = event;
  if (!isText(id, limits.idCharacters) || !idPattern.test(id)) return "INVALID_ID";
  if (!isText(type, limits.typeCharacters)) return "INVALID_TYPE";
  if (at !== undefined && !isTime(at)) return "INVALID_TIME";
  if (path !== undefined && !isText(path, limits.pathCharacters)) return "INVALID_PATH";
  if (visitor !== undefined && !isText(visitor, limits.visitorCharacters)) return "INVALID_VISITOR";
  return findPropertyFault(properties, limits) ?? (isTooLarge(event, limits.eventBytes) ? "TOO_LARGE" : undefined);
}

function findPropertyFault(properties: unknown, limits: ActivityLimits): RejectionCode | undefined {
  if (properties === undefined) return undefined;
  if (!isObject(properties)) return "INVALID_PROPERTIES";
  const all = Object.entries(properties);
  if (all.length > limits.properties) return "TOO_MANY_PROPERTIES";
  return all.every(([name, value]) => name.isWellFormed() && !controls.test(name) && isPropertyValue(value)) ? undefined : "INVALID_PROPERTIES";
}

function isPropertyValue(value: unknown): value is PropertyValue {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  return value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value));
}

function isTooLarge(event: object, most: number): boolean {
  const text = JSON.stringify(event);
  // A character of UTF-16 is 3 bytes at most.
  return text.length * 3 > most && utf8.encode(text).length > most;
}

function isText(value: unknown, most: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= most && value.isWellFormed() && !controls.test(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= latestTime;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
