import { NexiosError } from "../protocol/failure.ts";
import type { StoredEntry } from "../log/log.ts";
import { verify } from "../log/seal.ts";
import type { Row } from "./database.ts";
import type { RoomRow } from "./room-row.ts";
import { toEntry } from "./rows.ts";

/** Offsets, or positions, above `after`, up to and with `until`. */
export interface Range {
  readonly after: number;
  readonly until: number;
}

/** Entries of a room, by its id and a range of offsets. */
export const selectEntries: string = select("offset");

/** Public entries of a room, by its id and a range of positions. A resume costs what it gets: it is a range of an index. */
export const selectPublicEntries: string = select("position");

/** Each with the check of the entry before it, if that is there. */
function select(by: "offset" | "position"): string {
  return `select e.*, before."check" as before_check from entry e left join entry before on before.room = e.room and before."offset" = e."offset" - 1
    where e.room = ? and e."${by}" > ? and e."${by}" <= ? order by e."${by}"`;
}

/** An entry that is kept whole, as it was written. @throws NexiosError DAMAGED */
export function toVerified({ name, head, trimmedCheck }: RoomRow, row: Row): StoredEntry {
  const entry = toEntry(name, row);
  const before = entry.offset === head.firstOffset ? trimmedCheck : row["before_check"];
  // A check has 32 bits; the row that it was read from is not verified here.
  if (typeof before !== "number" || before >>> 0 !== before) throw missing(name);
  verify(name, before, entry);
  return entry;
}

/** What is missing in the middle was there once. @throws NexiosError DAMAGED */
export function requireDense(name: string, rows: readonly Row[], column: "offset" | "position", { after, until }: Range): void {
  const isDense = rows.length === Math.max(0, until - after) && rows.every((row, index) => row[column] === after + 1 + index);
  if (!isDense) throw missing(name);
}

/** What to say when something in the middle is not there. */
export function missing(room: string): NexiosError {
  return new NexiosError("DAMAGED", `Entries of ${room} are missing: restore the store from a backup`);
}
