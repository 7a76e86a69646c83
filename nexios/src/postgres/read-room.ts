import type { Changed, Checkpoint, Offset, Position, PublicEntry, StoredEntry } from "../log/log.ts";
import { damaged, type Row } from "../log/rows/row-check.ts";
import { toCheckpoint, toRoom } from "../log/rows/rows.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Connection, Parameter } from "./connection.ts";
import type { LastPack } from "./packs.ts";
import { readRoom } from "./room-rows.ts";
import { StoredEntries } from "./stored-entries.ts";

/** Entries after an offset. @throws NexiosError GAP or DAMAGED */
export async function readEntries(
  db: Connection,
  name: string,
  { after, limit }: { readonly after: Offset; readonly limit: number },
  lastPack: LastPack,
): Promise<readonly StoredEntry[]> {
  const room = await readRoom(db, name);
  if (room === undefined) return [];
  if (after + 1 < room.head.firstOffset) throw gap(name);
  return new StoredEntries(db, lastPack).read(room, { after, until: Math.min(room.head.offset, after + limit) });
}

/** Public entries after a position. @throws NexiosError GAP or DAMAGED */
export async function readPublicEntries(
  db: Connection,
  name: string,
  { after, limit }: { readonly after: Position; readonly limit: number },
  lastPack: LastPack,
): Promise<readonly PublicEntry[]> {
  const room = await readRoom(db, name);
  if (room === undefined) return [];
  if (after + 1 < room.head.firstPosition) throw gap(name);
  return new StoredEntries(db, lastPack).readPublic(room, { after, until: Math.min(room.head.position, after + limit) });
}

/** Public entries before a position, newest first. @throws NexiosError DAMAGED */
export async function readPublicBefore(
  db: Connection,
  name: string,
  { before, limit }: { readonly before: Position; readonly limit: number },
  lastPack: LastPack,
): Promise<readonly PublicEntry[]> {
  const room = await readRoom(db, name);
  if (room === undefined) return [];
  const until = Math.min(room.head.position, before - 1);
  const entries = await new StoredEntries(db, lastPack).readPublic(room, { after: Math.max(room.head.firstPosition - 1, until - limit), until });
  return entries.toReversed();
}

/** @throws NexiosError DAMAGED */
export async function readCheckpoint(db: Connection, name: string): Promise<Checkpoint | undefined> {
  const room = await readRoom(db, name);
  const row = room === undefined ? undefined : await db.get("select * from nexios_checkpoint where room = $1", room.id);
  const checkpoint = row === undefined ? undefined : toCheckpoint(name, row);
  if (checkpoint?.offset !== room?.checkpoint) throw damaged(`The checkpoint of ${name}`);
  return checkpoint;
}

/** Rooms of which the row is what was written: a damaged one is told by its own reads, and must not keep the others from being found. */
export async function readChanged(db: Connection, condition: string, ...values: readonly Parameter[]): Promise<readonly Changed[]> {
  const rows = await db.all(`select * from nexios_room ${condition}`, ...values);
  return rows.flatMap((row) => toChanged(row) ?? []);
}

function toChanged(row: Row): Changed | undefined {
  try {
    const { name, head } = toRoom(row);
    return { room: name, head };
  } catch (error) {
    if (error instanceof NexiosError && error.code === "DAMAGED") return undefined;
    throw error;
  }
}

function gap(room: string): NexiosError {
  return new NexiosError("GAP", `Older entries of ${room} are gone: begin with a snapshot`);
}
