import type { Checkpoint, Head, Outcome, StoredEntry } from "../log/log.ts";
import type { Row } from "./database.ts";

/** What stands in a room's row beside its size. */
export interface RoomRow {
  readonly id: number;
  readonly head: Head;
  /** The running checks just before the first entry, and the first public one, that are kept. */
  readonly trimmedCheck: number;
  readonly trimmedPublicCheck: number;
}

export function toRoom(row: Row): RoomRow {
  return {
    id: Number(row["id"]),
    head: toHead(row),
    trimmedCheck: Number(row["trimmed_check"]),
    trimmedPublicCheck: Number(row["trimmed_public_check"]),
  };
}

export function toHead(row: Row): Head {
  return {
    ...toStanding(row),
    callsSince: Number(row["calls_since"]),
    wakeAt: row["wake_at"] === null ? undefined : Number(row["wake_at"]),
    firstOffset: Number(row["first_offset"]),
    firstPosition: Number(row["first_position"]),
  };
}

export function toEntry(row: Row): StoredEntry {
  return {
    offset: Number(row["offset"]),
    check: Number(row["check"]),
    at: Number(row["at"]),
    author: optionalText(row["author"]),
    callId: optionalText(row["call_id"]),
    version: Number(row["version"]),
    bytes: bytes(row["bytes"]),
    public:
      row["position"] === null
        ? undefined
        : { position: Number(row["position"]), check: Number(row["public_check"]), bytes: bytes(row["public_bytes"] ?? row["bytes"]) },
    erased: row["erased"] === 1,
  };
}

export function toOutcome(row: Row): Outcome {
  return {
    key: text(row["key"]),
    inputHash: text(row["input_hash"]),
    at: Number(row["at"]),
    bytes: bytes(row["bytes"]),
    keepUntil: row["keep_until"] === null ? undefined : Number(row["keep_until"]),
  };
}

export function toCheckpoint(row: Row): Checkpoint {
  return { ...toStanding(row), bytes: bytes(row["bytes"]) };
}

/** What a head and a checkpoint have in common. */
function toStanding(row: Row): Omit<Checkpoint, "bytes"> {
  return {
    epoch: text(row["epoch"]),
    offset: Number(row["offset"]),
    check: Number(row["check"]),
    position: Number(row["position"]),
    publicCheck: Number(row["public_check"]),
    version: Number(row["version"]),
  };
}

// The tables are strict: a column has the type that it was made with.
function text(value: unknown): string {
  return value as string;
}

function optionalText(value: unknown): string | undefined {
  return (value as string | null) ?? undefined;
}

function bytes(value: unknown): Uint8Array {
  return value as Uint8Array;
}
