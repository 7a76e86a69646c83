import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { FileEntry, FileRoom } from "./room-past.ts";
import type { Marked } from "./torture-room.ts";

type Row = Readonly<Record<string, SQLOutputValue>>;

/** What is remembered of a call. */
interface StoredOutcome {
  readonly kind: string;
  readonly count: number;
  readonly value?: unknown;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/** Reads the rooms of a database by SQL alone, without a change to it: nothing of the log's own code says what is right. */
export function readRooms(file: string): readonly FileRoom[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    return db.prepare("select id, name, position, first_position from nexios_room order by name").all().map(toRoom);
  } finally {
    db.close();
  }

  function toRoom(room: Row): FileRoom {
    const id = Number(room["id"]);
    return {
      name: String(room["name"]),
      head: Number(room["position"]),
      first: Number(room["first_position"]),
      entries: db.prepare(publicEntries).all(id).map(toEntry),
      outcomes: db.prepare(outcomes).all(id).flatMap(toOutcome),
    };
  }
}

const publicEntries = `select position, call_id, coalesce(public_bytes, bytes) as content from nexios_entry where room = ? and position is not null order by "offset"`;
const outcomes = "select key, bytes as content from nexios_outcome where room = ?";

function toEntry(row: Row): FileEntry {
  const callId = row["call_id"];
  return { count: Number(row["position"]), callId: callId === null ? undefined : String(callId), value: toValue(row) as Marked };
}

function toOutcome(row: Row): FileEntry[] {
  const { kind, count, value } = toValue(row) as StoredOutcome;
  // Its key names the user, then the call.
  const callId = String(row["key"]).split(":").at(-1);
  return kind === "accepted" ? [{ count, callId, value: value as Marked }] : [];
}

function toValue({ content }: Row): unknown {
  if (!(content instanceof Uint8Array)) throw new TypeError("The file has an entry or an outcome without bytes");
  return JSON.parse(decoder.decode(content));
}
