import type { Trim } from "../log/log.ts";
import type { Database } from "./database.ts";
import { openPacks } from "./pack-room.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { StoredEntries } from "./stored-entries.ts";

interface Size {
  readonly entries: number;
  readonly bytes: number;
}

/** Lets go of a room's past up to `to`, which is clamped. It costs what goes, not what is kept. Returns the room's row as it must be written then. */
export function trimRoom(db: Database, packed: RoomRow, to: Trim): RoomRow {
  const stored = new StoredEntries(db);
  const { firstOffset, firstPosition } = packed.head;
  // What has not moved keeps its check.
  const trimmedCheck = to.offset < firstOffset ? packed.trimmedCheck : stored.checkAt(packed, to.offset);
  const trimmedPublicCheck = to.position < firstPosition ? packed.trimmedPublicCheck : stored.publicCheckAt(packed, to.position);
  const row = openPacks(db, packed, to);
  const { id, head } = row;
  const whole = [id, firstOffset, to.offset] as const;
  const alone = [id, firstPosition, to.position, firstOffset] as const;
  const before = [sizeOf(db, ofWhole, whole), sizeOf(db, ofAlone, alone)];
  db.run(`delete from nexios_entry where ${ofAlone}`, ...alone);
  db.run(`delete from nexios_entry where ${ofWhole} and (position is null or position <= ?)`, ...whole, to.position);
  // Of the others the public part is left, once.
  db.run(`update nexios_entry set bytes = public_bytes, public_bytes = null where ${ofWhole} and public_bytes is not null`, ...whole);
  const after = sizeOf(db, ofWhole, whole);
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
const ofWhole = `room = ? and "offset" between ? and ?`;
/** Public parts that stood alone already, by their index: the plus keeps the planner from walking over all of them. */
const ofAlone = `room = ? and position between ? and ? and +"offset" < ?`;

function sizeOf(db: Database, condition: string, values: readonly number[]): Size {
  const row = db.get(
    `select count(*) as entries, sum(length(bytes) + coalesce(length(public_bytes), 0)) as bytes from nexios_entry where ${condition}`,
    ...values,
  );
  return { entries: Number(row?.["entries"]), bytes: Number(row?.["bytes"] ?? 0) };
}
