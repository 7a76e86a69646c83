import type { Millis } from "../log/log.ts";

/** How a connection ended: its member left, or it broke. */
export type DropReason = "left" | "lost";

/** A connection that is shown in a room. */
export interface Shown {
  /** The process that has it. */
  readonly process: string;
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** When its state was set, in the store's time; above that of every older state of the user that was known then. */
  readonly at: Millis;
  /** JSON. */
  readonly state: Uint8Array;
}

/** Some of a process's connections in a room. The list is complete when all parts of one number are there. */
export interface ListPart {
  readonly kind: "list";
  readonly process: string;
  readonly number: number;
  /** From 0. */
  readonly part: number;
  readonly parts: number;
  readonly connections: readonly Shown[];
}

/** What processes tell each other of who is in a room. `number` counts the changes of the process that tells. */
export type PresenceMessage =
  | { readonly kind: "put"; readonly process: string; readonly number: number; readonly connection: Shown }
  | { readonly kind: "drop"; readonly process: string; readonly number: number; readonly id: string; readonly at: Millis; readonly reason: DropReason }
  | ListPart
  /** How many connections the process has at a number. `isAsking`: the others are to tell theirs. */
  | { readonly kind: "digest"; readonly process: string; readonly number: number; readonly count: number; readonly isAsking: boolean }
  /** Asks these processes for their lists; `undefined`: all that have somebody there. */
  | { readonly kind: "ask"; readonly process: string; readonly to: readonly string[] | undefined };

/** What processes tell each other of themselves. */
export interface ProcessMessage {
  readonly kind: "beat" | "gone";
  readonly process: string;
}

/** Processes that one message asks. */
export const askedPerMessage = 100;
const connectionsPerPart = 200;
/** A part ends here, so that it passes brokers that take 8,000 bytes. */
const partBytes = 6_000;
/** No message of ours is longer: one connection at all its limits, with every character escaped, fits. */
const messageBytes = 65_536;
const stateBytes = 16_384;
const nameLength = 1_024;
const idLength = 512;
const partsPerList = 10_000;
/** The last moment that a `Date` knows. */
const lastMoment = 8.64e15;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A message as bytes; `decodePresence` takes it if `isSendable` took its connections. */
export function encodePresence(message: PresenceMessage): Uint8Array {
  const { kind, process } = message;
  switch (kind) {
    case "put":
      return encode([kind, process, message.number, toRow(message.connection)]);
    case "drop":
      return encode([kind, process, message.number, message.id, message.at, message.reason]);
    case "list":
      return encode([kind, process, message.number, message.part, message.parts, message.connections.map(toRow)]);
    case "digest":
      return encode([kind, process, message.number, message.count, message.isAsking]);
    case "ask":
      return encode([kind, process, message.to ?? null]);
  }
}

/** `undefined` for bytes that are no message of ours: never throws, and builds no more than the bytes hold. */
export function decodePresence(bytes: Uint8Array): PresenceMessage | undefined {
  const [kind, process, a, b, c, d] = decodeFields(bytes);
  if (!isId(process)) return undefined;
  if (kind === "ask") return a === null || isIdList(a) ? { kind, process, to: a ?? undefined } : undefined;
  if (!isCount(a)) return undefined;
  switch (kind) {
    case "put": {
      const connection = fromRow(b, process);
      return connection && { kind, process, number: a, connection };
    }
    case "drop":
      return isId(b) && isMoment(c) && (d === "left" || d === "lost") ? { kind, process, number: a, id: b, at: c, reason: d } : undefined;
    case "list": {
      if (!isCount(b) || !isCount(c) || b >= c || c > partsPerList || !Array.isArray(d) || d.length > connectionsPerPart) return undefined;
      const connections = d.map((row) => fromRow(row, process)).filter((connection) => connection !== undefined);
      return connections.length === d.length ? { kind, process, number: a, part: b, parts: c, connections } : undefined;
    }
    case "digest":
      return isCount(b) && typeof c === "boolean" ? { kind, process, number: a, count: b, isAsking: c } : undefined;
    default:
      return undefined;
  }
}

/** Whether other processes will take a connection: its ids, name and state are within their limits, and the state is JSON. @throws TypeError when it is not UTF-8. */
export function isSendable(connection: Shown): boolean {
  const { process, id, userId, name, at, state } = connection;
  return isId(process) && isId(id) && isId(userId) && isName(name) && isMoment(at) && state.length <= stateBytes && isJson(decoder.decode(state));
}

/** A list, cut into parts; one that is empty has one part. */
export function toListParts(process: string, number: number, connections: Iterable<Shown>): readonly ListPart[] {
  let part: Shown[] = [];
  let bytes = 0;
  const cut = [part];
  for (const connection of connections) {
    const added = encode(toRow(connection)).length;
    if (part.length > 0 && (part.length === connectionsPerPart || bytes + added > partBytes)) {
      cut.push((part = []));
      bytes = 0;
    }
    part.push(connection);
    bytes += added;
  }
  return cut.map((each, index) => ({ kind: "list", process, number, part: index, parts: cut.length, connections: each }));
}

export function encodeProcess({ kind, process }: ProcessMessage): Uint8Array {
  return encode([kind, process]);
}

/** `undefined` for bytes that are no message of ours. */
export function decodeProcess(bytes: Uint8Array): ProcessMessage | undefined {
  const [kind, process] = decodeFields(bytes);
  return (kind === "beat" || kind === "gone") && isId(process) ? { kind, process } : undefined;
}

function toRow({ id, userId, name, at, state }: Shown): readonly unknown[] {
  // As a string: every process then holds, and gives its members, the very same bytes.
  return [id, userId, name, at, decoder.decode(state)];
}

function fromRow(row: unknown, process: string): Shown | undefined {
  if (!Array.isArray(row)) return undefined;
  const [id, userId, name, at, text] = row as readonly unknown[];
  if (!isId(id) || !isId(userId) || !isMoment(at) || !isName(name)) return undefined;
  if (typeof text !== "string" || text.length > stateBytes || !isJson(text)) return undefined;
  const state = encoder.encode(text);
  return state.length > stateBytes ? undefined : { process, id, userId, name, at, state };
}

function encode(fields: readonly unknown[]): Uint8Array {
  return encoder.encode(JSON.stringify(fields));
}

function decodeFields(bytes: Uint8Array): readonly unknown[] {
  if (bytes.length > messageBytes) return [];
  try {
    const fields: unknown = JSON.parse(decoder.decode(bytes));
    return Array.isArray(fields) ? fields : [];
  } catch {
    // Not UTF-8, or not JSON.
    return [];
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= idLength;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= nameLength;
}

function isIdList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= askedPerMessage && value.every(isId);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isMoment(value: unknown): value is Millis {
  return isCount(value) && value <= lastMoment;
}
