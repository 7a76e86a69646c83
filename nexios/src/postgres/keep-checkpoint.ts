import type { Checkpoint, Trim } from "../log/log.ts";
import { checkpointCheck } from "../log/rows/columns.ts";
import { clampTrim } from "../log/trim.ts";
import { isPlace } from "./append-room.ts";
import type { Connection } from "./connection.ts";
import type { Outcome } from "./connections.ts";
import { lockRoom, updateRoom } from "./room-rows.ts";
import { StoredEntries } from "./stored-entries.ts";
import { trimRoom } from "./trim-room.ts";

/** Keeps a checkpoint of this past, unless one that is not older is kept, and trims behind it. */
export async function keepCheckpoint(db: Connection, room: string, checkpoint: Checkpoint, trim: Trim): Promise<Outcome<boolean>> {
  const row = await lockRoom(db, room);
  const isNewer = row !== undefined && checkpoint.offset > (row.checkpoint ?? -1) && checkpoint.position <= row.head.position;
  if (!isNewer || !(await isPlace(new StoredEntries(db), row, checkpoint))) return { value: false, commit: false };
  const { epoch, offset, check, position, publicCheck, version, bytes } = checkpoint;
  await db.run(upsert, row.id, epoch, offset, check, position, publicCheck, version, bytes, checkpointCheck(row.id, checkpoint));
  const trimmed = await trimRoom(db, row, clampTrim(trim, checkpoint, row.head));
  await updateRoom(db, { ...trimmed, checkpoint: offset });
  return { value: true, commit: true };
}

const columns = ["epoch", "offset", "check", "position", "public_check", "version", "bytes", "row_check"].map((column) => `"${column}"`);
const upsert = `insert into nexios_checkpoint (room, ${columns.join(", ")}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  on conflict (room) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`;
