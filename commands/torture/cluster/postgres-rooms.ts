import { Client } from "pg";
import type { FileEntry, FileRoom } from "../room-past.ts";
import type { Marked } from "../torture-room.ts";

/** What is remembered of a call. */
interface StoredOutcome {
  readonly kind: string;
  readonly count: number;
  readonly value?: unknown;
}

interface RoomRow {
  readonly id: string;
  readonly name: string;
  readonly position: string;
  readonly first_position: string;
}

interface EntryRow {
  readonly position: string;
  readonly call_id: string | null;
  readonly content: Buffer;
}

interface OutcomeRow {
  readonly key: string;
  readonly content: Buffer;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const prefix = "torture/";

/** Reads the rooms of a run from PostgreSQL by SQL alone: nothing of the log's own code says what is right. */
export async function readPostgresRooms(url: string): Promise<readonly FileRoom[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<RoomRow>("select id, name, position, first_position from nexios_room where starts_with(name, $1) order by name", [
      prefix,
    ]);
    const rooms: FileRoom[] = [];
    for (const { id, name, position, first_position: first } of rows) {
      const entries = await client.query<EntryRow>(publicEntries, [id]);
      const outcomes = await client.query<OutcomeRow>("select key, bytes as content from nexios_outcome where room = $1", [id]);
      rooms.push({ name, head: Number(position), first: Number(first), entries: entries.rows.map(toEntry), outcomes: outcomes.rows.flatMap(toOutcome) });
    }
    return rooms;
  } finally {
    await client.end();
  }
}

const publicEntries = `select position, call_id, coalesce(public_bytes, bytes) as content from nexios_entry where room = $1 and position is not null order by "offset"`;

function toEntry({ position, call_id: callId, content }: EntryRow): FileEntry {
  return { count: Number(position), callId: callId ?? undefined, value: toValue(content) as Marked };
}

function toOutcome({ key, content }: OutcomeRow): FileEntry[] {
  const { kind, count, value } = toValue(content) as StoredOutcome;
  // Its key names the user, then the call.
  return kind === "accepted" ? [{ count, callId: key.split(":").at(-1), value: value as Marked }] : [];
}

function toValue(content: Uint8Array): unknown {
  return JSON.parse(decoder.decode(content));
}
