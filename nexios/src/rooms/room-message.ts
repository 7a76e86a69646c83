import type { PublicEntry } from "../log/log.ts";
import { toUtf8 } from "../protocol/utf8.ts";

/** What processes tell each other of a room. */
export type RoomMessage =
  | { readonly kind: "entries"; readonly epoch: string; readonly entries: readonly PublicEntry[] }
  | { readonly kind: "signal"; readonly name: string; readonly userId: string; readonly payload: Uint8Array }
  | { readonly kind: "presence"; readonly bytes: Uint8Array };

const kinds = ["entries", "signal", "presence"] as const;
const decoder = new TextDecoder("utf-8", { fatal: true });

interface EntryFacts {
  readonly position: number;
  readonly check: number;
  readonly at: number;
  readonly callId?: string;
  readonly version: number;
  readonly length: number;
}

/** One byte for the kind, four for the size of the facts, the facts as JSON, then bytes as they are. */
export function encodeRoomMessage(message: RoomMessage): Uint8Array {
  switch (message.kind) {
    case "entries": {
      const facts = message.entries.map(({ position, check, at, callId, version, bytes }): EntryFacts => {
        return { position, check, at, ...(callId !== undefined && { callId }), version, length: bytes.length };
      });
      return pack(
        0,
        { epoch: message.epoch, entries: facts },
        message.entries.map(({ bytes }) => bytes),
      );
    }
    case "signal":
      return pack(1, { name: message.name, userId: message.userId }, [message.payload]);
    case "presence":
      return pack(2, {}, [message.bytes]);
  }
}

/** True for one of presence, which says nothing of the room's entries. */
export function isPresenceMessage(message: Uint8Array): boolean {
  return kinds[message[0] ?? -1] === "presence";
}

/** `undefined` for bytes that are no message: a broker may bring anything. */
export function decodeRoomMessage(message: Uint8Array): RoomMessage | undefined {
  try {
    const kind = kinds[message[0] ?? -1];
    if (kind === undefined || message.length < 5) return undefined;
    const start = 5 + new DataView(message.buffer, message.byteOffset).getUint32(1);
    if (start > message.length) return undefined;
    const facts = JSON.parse(decoder.decode(message.subarray(5, start))) as Record<string, unknown>;
    const rest = message.subarray(start);
    if (kind === "presence") return { kind, bytes: rest };
    if (kind === "signal") {
      const { name, userId } = facts;
      return typeof name === "string" && typeof userId === "string" ? { kind, name, userId, payload: rest } : undefined;
    }
    return typeof facts["epoch"] === "string" && Array.isArray(facts["entries"]) ? toEntries(facts["epoch"], facts["entries"], rest) : undefined;
  } catch {
    // Not UTF-8, or not JSON.
    return undefined;
  }
}

function toEntries(epoch: string, facts: readonly unknown[], rest: Uint8Array): RoomMessage | undefined {
  const entries: PublicEntry[] = [];
  let start = 0;
  for (const fact of facts) {
    if (!isEntryFacts(fact)) return undefined;
    const { length, position, check, at, callId, version } = fact;
    entries.push({ position, check, at, callId, version, author: undefined, erased: false, bytes: rest.subarray(start, start + length) });
    start += length;
  }
  return start === rest.length ? { kind: "entries", epoch, entries } : undefined;
}

function isEntryFacts(value: unknown): value is EntryFacts {
  if (typeof value !== "object" || value === null) return false;
  const { position, check, at, version, length, callId } = value as Partial<Record<keyof EntryFacts, unknown>>;
  return (
    [position, check, version, length].every((number) => Number.isSafeInteger(number) && Number(number) >= 0) &&
    typeof at === "number" &&
    (callId === undefined || typeof callId === "string")
  );
}

function pack(kind: number, facts: object, parts: readonly Uint8Array[]): Uint8Array {
  const header = toUtf8(JSON.stringify(facts));
  const message = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 5 + header.length));
  message[0] = kind;
  new DataView(message.buffer).setUint32(1, header.length);
  message.set(header, 5);
  let at = 5 + header.length;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return message;
}
