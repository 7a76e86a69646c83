import type { Trim } from "../log/log.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import type { Connection } from "./connection.ts";
import { openPacks } from "./pack-room.ts";
import { StoredEntries } from "./stored-entries.ts";

interface Size {
  readonly entries: number;
  readonly bytes: number;
}

/** Lets go of a room's past up to `to`, which is clamped. It costs what goes, not what is kept. Returns the room's row as it must be written then. */
export async function trimRoom(db: Connection, packed: RoomRow, to: Trim): Promise<RoomRow> {
  const stored = new StoredEntries(db);
  const { firstOffset, firstPosition } = packed.head;
  if (to.offset < firstOffset && to.position < firstPosition) return packed;
  // What has not moved keeps its check.
  const trimmedCheck = to.offset < firstOffset ? packed.trimmedCheck : await stored.checkAt(packed, to.offset);
  const trimmedPublicCheck = to.position < firstPosition ? packed.trimmedPublicCheck : await stored.publicCheckAt(packed, to.position);
  const row = await openPacks(db, packed, to);
  const { id, head } = row;
  const whole = [id, firstOffset, to.offset] as const;
  const alone = [id, firstPosition, to.position, firstOffset] as const;
  const before = [await sizeOf(db, ofWhole, whole), await sizeOf(db, ofAlone, alone)];
  await db.run(`delete from nexios_entry where ${ofAlone}`, ...alone);
  await db.run(`delete from nexios_entry where ${ofWhole} and (position is null or position <= $4)`, ...whole, to.position);
  // Of the others the public part is left, once.
  await db.run(`update nexios_entry set bytes = public_bytes, public_bytes = null where ${ofWhole} and public_bytes is not null`, ...whole);
  const after = await sizeOf(db, ofWhole, whole);
  const gone = before.reduce((sum, { entries, bytes }) => ({ entries: sum.entries + entries, bytes: sum.bytes + bytes }));
  return {
    ...row,
    head: { ...head, firstOffset: to.offset + 1, firstPosition: to.position + 1 },
    trimmedCheck,
    trimmedPublicCheck,
    entries: row.entries - gone.entries + after.entries,
    bytes: row.bytes - gone.bytes + after.bytes,
  };
}

/** Entries that were whole so far. */
const ofWhole = `room = $1 and "offset" between $2 and $3`;
/** Public parts that stood alone already. */
const ofAlone = `room = $1 and position between $2 and $3 and "offset" < $4`;

async function sizeOf(db: Connection, condition: string, values: readonly number[]): Promise<Size> {
  const row = await db.get(
    `select count(*) as entries, coalesce(sum(octet_length(bytes) + coalesce(octet_length(public_bytes), 0)), 0) as bytes from nexios_entry where ${condition}`,
    ...values,
  );
  return { entries: Number(row?.["entries"]), bytes: Number(row?.["bytes"]) };
}
