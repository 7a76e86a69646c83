import type { BookEntry } from "nexios/auction/server";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { lotRoom } from "./auction-lot.ts";

/** An entry of the lot's log, as the file has it. */
export interface PastEntry {
  readonly offset: number;
  readonly author: string | undefined;
  readonly callId: string | undefined;
  readonly book: BookEntry;
  /** Its place among those that everybody saw, and what they saw. */
  readonly shown: { readonly count: number; readonly text: string } | undefined;
}

/** A lot's log, in order. */
export interface Past {
  readonly entries: readonly PastEntry[];
  /** Where the room's row says that the log ends. */
  readonly head: { readonly offset: number; readonly count: number };
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads the lot by SQL alone, without a change to the file. @throws Error for a file without it */
export function readPast(file: string): Past {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const room = db.prepare(`select id, "offset", position from nexios_room where name = ?`).get(lotRoom);
    if (room === undefined) throw new Error(`${file} has no ${lotRoom}`);
    const rows = db.prepare(`select "offset", author, call_id, bytes, position, public_bytes from nexios_entry where room = ? order by "offset"`);
    return { entries: rows.all(room["id"] ?? 0).map(toEntry), head: { offset: Number(room["offset"]), count: Number(room["position"]) } };
  } finally {
    db.close();
  }
}

function toEntry(row: Readonly<Record<string, SQLOutputValue>>): PastEntry {
  const { author, call_id: callId, position } = row;
  return {
    offset: Number(row["offset"]),
    author: typeof author === "string" ? author : undefined,
    callId: typeof callId === "string" ? callId : undefined,
    // Of a room of ours: written as JSON, by its own server half.
    book: JSON.parse(toText(row["bytes"])) as BookEntry,
    shown: position === null ? undefined : { count: Number(position), text: toText(row["public_bytes"] ?? row["bytes"]) },
  };
}

function toText(bytes: SQLOutputValue | undefined): string {
  if (!(bytes instanceof Uint8Array)) throw new TypeError("The file has an entry without bytes");
  return decoder.decode(bytes);
}
