import { check, type Schema, type Unchecked } from "../contract/check.ts";
import { decodeJson, encodeJson } from "../contract/json.ts";
import type { Type } from "../contract/type.ts";
import { NexiosError } from "../protocol/failure.ts";

declare const carried: unique symbol;

/** A durable event: what is told of it, and in whose order. A value that describes, and does nothing. */
export interface DurableEvent<Payload = unknown> {
  readonly kind: "event";
  readonly name: string;
  /** Events of one key are handled in the order in which they were emitted; each key has a log of its own. */
  readonly keyOf: (payload: never) => string;
  /** Handled ones are kept for so long, for subscriptions that come later. */
  readonly keepMs: number;
  readonly schema: Schema<Payload> | undefined;
  readonly [carried]?: Payload;
}

export interface EventOptions<Payload> {
  /** `type<Order>()`, or a schema, by which each payload is checked as it is emitted. */
  readonly payload: Type<Payload> | Schema<Payload>;
  /** In whose order events are handled: those of one key one after the other, those of different keys at once. 1 to 256 characters. */
  readonly key: (payload: NoInfer<Payload>) => string;
  /** Handled ones are kept for so long: a week unless given. */
  readonly keepMs?: number;
}

const namePattern = /^[a-z0-9][a-z0-9.-]{0,63}$/u;
const weekMs = 604_800_000;
const longestKey = 256;
const reserved = "nexios/event/";

/** Describes a durable event, as `defineEvent("order.placed", { payload: type<Order>(), key: (order) => order.customer })`. @throws TypeError for a name that is none */
export function defineEvent<Payload>(name: string, { payload, key, keepMs = weekMs }: EventOptions<Payload>): DurableEvent<Payload> {
  if (!namePattern.test(name)) throw new TypeError(`An event's name is as "order.placed", 1 to 64 of [a-z0-9.-], not "${name}"`);
  if (typeof key !== "function") throw new TypeError(`The event ${name} needs a key: in whose order is it handled?`);
  if (!(keepMs >= 0)) throw new TypeError(`keepMs of the event ${name} is a number of milliseconds, not ${keepMs}`);
  return { kind: "event", name, keyOf: key, keepMs, schema: "~standard" in payload ? payload : undefined };
}

/** All logs of an event begin so. */
export function prefixOf({ name }: Pick<DurableEvent, "name">): string {
  return `${reserved}${name}/`;
}

/** The log of a key. @throws NexiosError INVALID_MESSAGE for a key that is none */
export function logOf(event: Pick<DurableEvent, "name">, key: string): string {
  const log = findLog(event, key);
  if (log === undefined) throw new NexiosError("INVALID_MESSAGE", `The key of ${event.name} must be 1 to ${longestKey} characters, well formed`);
  return log;
}

/** The same; `undefined` for a key that is none. */
export function findLog(event: Pick<DurableEvent, "name">, key: string): string | undefined {
  if (typeof key !== "string" || key === "" || key.length > longestKey || !key.isWellFormed()) return undefined;
  return prefixOf(event) + encodeURIComponent(key);
}

/** The key of a log. */
export function keyOfLog(event: Pick<DurableEvent, "name">, log: string): string {
  return decodeURIComponent(log.slice(prefixOf(event).length));
}

/** A payload as it is stored, and its key. @throws NexiosError INVALID_MESSAGE for what does not fit its schema; TypeError for what JSON cannot carry */
export async function toEmitted<Payload>(event: DurableEvent<Payload>, payload: Payload): Promise<{ readonly log: string; readonly bytes: Uint8Array }> {
  const schema: Schema<Payload> | Unchecked = event.schema ?? { unchecked: true };
  const checked = await check(schema, payload);
  if (checked.kind === "misfits")
    throw new NexiosError(
      "INVALID_MESSAGE",
      `The payload of ${event.name} does not fit: ${checked.path === "" ? "" : `${checked.path}: `}${checked.issues[0]?.message ?? ""}`,
    );
  // What the schema gives is what its type says.
  const key = event.keyOf(checked.value as never);
  return { log: logOf(event, key), bytes: encodeJson(checked.value, `the payload of ${event.name}`) };
}

/** A payload again. */
export function fromStored(bytes: Uint8Array): unknown {
  return decodeJson(bytes);
}
