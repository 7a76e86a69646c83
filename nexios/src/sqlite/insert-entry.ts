import { isSameBytes } from "../log/kept-bytes.ts";
import type { StoredEntry } from "../log/log.ts";
import { entryCheck } from "../log/rows/columns.ts";
import type { Database } from "./database.ts";

/** Writes an entry's row. */
export function insertEntry(db: Database, room: number, entry: StoredEntry): void {
  const { offset, check, at, author, callId, version, bytes, public: part, erased } = entry;
  db.run(
    `insert into nexios_entry (room, "offset", "check", at, author, call_id, version, bytes, position, public_check, public_bytes, erased, row_check)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    room,
    offset,
    check,
    at,
    author ?? null,
    callId ?? null,
    version,
    bytes,
    part?.position ?? null,
    part?.check ?? null,
    part === undefined || isSameBytes(part.bytes, bytes) ? null : part.bytes,
    erased ? 1 : 0,
    entryCheck(room, entry),
  );
}
