import type { Head, Trim } from "../log/log.ts";
import type { Database } from "./database.ts";

interface Size {
  readonly entries: number;
  readonly bytes: number;
}

/** Lets go of a room's past up to `to`, which is clamped. It costs what goes, not what is kept. */
export function trimRoom(db: Database, room: number, { firstOffset, firstPosition }: Head, to: Trim): void {
  // What has not moved finds no row, or the same check.
  db.run(
    `update room set first_offset = ?, first_position = ?,
       trimmed_check = coalesce((select "check" from entry where room = room.id and "offset" = ?), trimmed_check),
       trimmed_public_check = coalesce((select public_check from entry where room = room.id and position = ?), trimmed_public_check)
     where id = ?`,
    to.offset + 1,
    to.position + 1,
    to.offset,
    to.position,
    room,
  );
  const whole = [room, firstOffset, to.offset] as const;
  const alone = [room, firstPosition, to.position, firstOffset] as const;
  const before = [sizeOf(db, ofWhole, whole), sizeOf(db, ofAlone, alone)];
  db.run(`delete from entry where ${ofAlone}`, ...alone);
  db.run(`delete from entry where ${ofWhole} and (position is null or position <= ?)`, ...whole, to.position);
  // Of the others the public part is left, once.
  db.run(`update entry set bytes = public_bytes, public_bytes = null where ${ofWhole} and public_bytes is not null`, ...whole);
  const after = sizeOf(db, ofWhole, whole);
  const gone = before.reduce((sum, { entries, bytes }) => ({ entries: sum.entries + entries, bytes: sum.bytes + bytes }));
  db.run("update room set entries = entries - ?, bytes = bytes - ? where id = ?", gone.entries - after.entries, gone.bytes - after.bytes, room);
}

/** Entries that were whole so far. */
const ofWhole = `room = ? and "offset" between ? and ?`;
/** Public parts that stood alone already, by their index: the plus keeps the planner from walking over all of them. */
const ofAlone = `room = ? and position between ? and ? and +"offset" < ?`;

function sizeOf(db: Database, condition: string, values: readonly number[]): Size {
  const row = db.get(`select count(*) as entries, sum(length(bytes) + coalesce(length(public_bytes), 0)) as bytes from entry where ${condition}`, ...values);
  return { entries: Number(row?.["entries"]), bytes: Number(row?.["bytes"] ?? 0) };
}
