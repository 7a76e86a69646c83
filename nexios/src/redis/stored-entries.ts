import { isSameBytes, keptOutcomeBytes } from "../log/kept-bytes.ts";
import type { Checkpoint, Outcome, PublicEntry, StoredEntry } from "../log/log.ts";
import { isList } from "./redis-connection.ts";
import type { RedisArgument, RedisReply } from "./redis-connection.ts";
import { damaged, type StoredRoom } from "./stored-room.ts";

const empty = Buffer.alloc(0);

/** What streams take of entries: id, facts and bytes of each. Where members get the very bytes of an entry, they stand with its public part alone. */
export function toItems(
  entries: readonly StoredEntry[],
  positionBefore: number,
): { readonly whole: readonly RedisArgument[]; readonly shown: readonly RedisArgument[] } {
  const whole: RedisArgument[] = [];
  const shown: RedisArgument[] = [];
  let position = positionBefore;
  for (const { offset, check, at, author, callId, version, bytes, public: part } of entries) {
    const about = [at, author ?? null, callId ?? null, version];
    position = part?.position ?? position;
    const id = `${offset}-${position}`;
    if (part === undefined) {
      whole.push(id, JSON.stringify(["h", check, ...about]), toBuffer(bytes));
      continue;
    }
    const isSame = isSameBytes(part.bytes, bytes);
    whole.push(id, JSON.stringify([isSame ? "s" : "d", check]), isSame ? empty : toBuffer(bytes));
    shown.push(`${position}-${offset}`, JSON.stringify([part.check, ...about]), toBuffer(part.bytes));
  }
  return { whole, shown };
}

interface Item {
  readonly first: number;
  readonly second: number;
  readonly facts: readonly unknown[];
  readonly bytes: Uint8Array;
  readonly isErased: boolean;
}

/** A public part as it stands in its stream. */
export interface ShownItem extends PublicEntry {
  readonly offset: number;
}

/** @throws NexiosError DAMAGED */
export function toShown(
  room: string,
  { callsGone }: Pick<StoredRoom, "callsGone">,
  found: RedisReply | undefined,
  gone: RedisReply | undefined,
): readonly ShownItem[] {
  return toStored(room, found, gone).map(({ first: position, second: offset, facts, bytes, isErased }) => {
    const [check, ...about] = facts;
    if (typeof check !== "number") throw damaged(room);
    const { callId, ...rest } = toAbout(room, about);
    return { position, offset, check, ...rest, callId: offset <= callsGone ? undefined : callId, bytes, erased: isErased };
  });
}

/** Whole entries, in order. @throws NexiosError DAMAGED */
export function toEntries(room: string, stored: Pick<StoredRoom, "callsGone">, replies: readonly RedisReply[]): readonly StoredEntry[] {
  const [found, gone, shownFound, shownGone] = replies;
  const shown = new Map(toShown(room, stored, shownFound, shownGone).map((each) => [each.offset, each]));
  return toStored(room, found, gone).map(({ first: offset, facts, bytes, isErased }) => {
    const [kind, check, ...about] = facts;
    if (typeof check !== "number") throw damaged(room);
    if (kind === "h") {
      const { callId, ...rest } = toAbout(room, about);
      return { offset, check, ...rest, callId: offset <= stored.callsGone ? undefined : callId, bytes, public: undefined, erased: isErased };
    }
    const part = shown.get(offset);
    if (part === undefined) throw damaged(room);
    const { at, author, callId, version, position, check: publicCheck } = part;
    const whole = kind === "s" ? part.bytes : bytes;
    return { offset, check, at, author, callId, version, bytes: whole, public: { position, check: publicCheck, bytes: part.bytes }, erased: isErased };
  });
}

/** The length that counts comes first: the scripts read it. */
export function toOutcomeValue(outcome: Outcome): Buffer {
  const { inputHash, at, keepUntil, bytes } = outcome;
  return Buffer.concat([Buffer.from(`${keptOutcomeBytes(outcome)}\n${JSON.stringify([inputHash, at, keepUntil ?? null])}\n`), bytes]);
}

/** @throws NexiosError DAMAGED */
export function fromOutcomeValue(room: string, key: string, value: Buffer): Outcome {
  const factsAt = value.indexOf(10) + 1;
  const bytesAt = value.indexOf(10, factsAt) + 1;
  const [inputHash, at, keepUntil] = parse(room, value.subarray(factsAt, bytesAt));
  if (typeof inputHash !== "string" || typeof at !== "number" || (keepUntil !== null && typeof keepUntil !== "number")) throw damaged(room);
  return { key, inputHash, at, keepUntil: keepUntil ?? undefined, bytes: value.subarray(bytesAt) };
}

/** @throws NexiosError DAMAGED */
export function toCheckpoint(room: string, facts: Buffer, bytes: Buffer): Checkpoint {
  const [epoch, ...numbers] = parse(room, facts);
  const [offset, check, position, publicCheck, version] = numbers.map((value) => (typeof value === "number" ? value : Number.NaN));
  if (typeof epoch !== "string" || offset === undefined || check === undefined || position === undefined || publicCheck === undefined || version === undefined)
    throw damaged(room);
  return { epoch, offset, check, position, publicCheck, version, bytes };
}

export function fromCheckpoint({ epoch, offset, check, position, publicCheck, version }: Checkpoint): string {
  return JSON.stringify([epoch, offset, check, position, publicCheck, version]);
}

export function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function toAbout(room: string, about: readonly unknown[]): Pick<StoredEntry, "at" | "author" | "callId" | "version"> {
  const [at, author, callId, version] = about;
  const isText = (value: unknown): value is string | null => value === null || typeof value === "string";
  if (typeof at !== "number" || typeof version !== "number" || !isText(author) || !isText(callId)) throw damaged(room);
  return { at, author: author ?? undefined, callId: callId ?? undefined, version };
}

function toStored(room: string, found: RedisReply | undefined, gone: RedisReply | undefined): readonly Item[] {
  if (!isList(found) || !isList(gone)) throw damaged(room);
  const items = found.map((item): Item => {
    const [id, fields] = isList(item) ? item : [];
    const [, facts, , bytes] = isList(fields) ? fields : [];
    if (!(id instanceof Buffer) || !(facts instanceof Buffer) || !(bytes instanceof Buffer)) throw damaged(room);
    return { ...toNumbers(room, id.toString()), facts: parse(room, facts), bytes, isErased: false };
  });
  if (gone.length === 0) return items;
  const erased = gone.map((left): Item => {
    if (!(left instanceof Buffer)) throw damaged(room);
    const end = left.indexOf("|");
    return { ...toNumbers(room, left.subarray(0, end).toString()), facts: parse(room, left.subarray(end + 1)), bytes: empty, isErased: true };
  });
  return [...items, ...erased].toSorted((one, other) => one.first - other.first);
}

function toNumbers(room: string, id: string): { readonly first: number; readonly second: number } {
  const [first, second] = id.split("-").map(Number);
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second)) throw damaged(room);
  return { first: first ?? 0, second: second ?? 0 };
}

function parse(room: string, facts: Uint8Array): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(toBuffer(facts).toString());
    if (Array.isArray(parsed)) return parsed;
  } catch (error) {
    throw damaged(room, error);
  }
  throw damaged(room);
}
