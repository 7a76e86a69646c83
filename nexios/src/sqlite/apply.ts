import { isSameBytes, keptBytes } from "../log/kept-bytes.ts";
import type { LogLimits, Offset, StoredEntry } from "../log/log.ts";
import { clampTrim } from "../log/trim.ts";
import { checkpointCheck, entryCheck } from "./columns.ts";
import type { Database } from "./database.ts";
import { toEntry } from "./rows.ts";
import { trimRoom } from "./trim-room.ts";
import type { BatchWrite, CheckpointWrite, Write, Written } from "./write.ts";
import { writeOutcomes } from "./write-outcomes.ts";
import { insertRoom, readRoom, updateRoom } from "./write-room.ts";

/** Applies one write inside a transaction. `conflict` when the log is not where the write says: then what it did must be rolled back. */
export function apply(db: Database, write: Write, limits: LogLimits): Written {
  return write.kind === "batch" ? applyBatch(db, write, limits) : applyCheckpoint(db, write);
}

function applyBatch(db: Database, write: BatchWrite, limits: LogLimits): Written {
  const { isNew, entries, erase } = write;
  const row = isNew ? insertRoom(db, write.row) : write.row;
  if (row === undefined) return { kind: "conflict" };
  for (const entry of entries) insertEntry(db, row.id, entry);
  const erased = erase.reduce((sum, offset) => sum + eraseEntry(db, row.id, row.name, offset), 0);
  const { totals, callsSince } = writeOutcomes(db, row, write.outcomes, limits);
  const isWritten = updateRoom(db, { ...row, head: { ...row.head, callsSince }, bytes: row.bytes - erased, outcomes: totals });
  return isWritten ? { kind: "written", callsSince } : { kind: "conflict" };
}

function insertEntry(db: Database, room: number, entry: StoredEntry): void {
  const { offset, check, at, author, callId, version, bytes, public: part } = entry;
  db.run(
    `insert into entry (room, "offset", "check", at, author, call_id, version, bytes, position, public_check, public_bytes, erased, row_check)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
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
    entryCheck(room, entry),
  );
}

/** Takes an entry's content. Returns how many bytes are gone. */
function eraseEntry(db: Database, room: number, name: string, offset: Offset): number {
  const row = db.get(`select * from entry where room = ? and "offset" = ?`, room, offset);
  if (row === undefined) return 0;
  const entry = toEntry(name, row);
  const check = entryCheck(room, { ...entry, erased: true });
  db.run(`update entry set bytes = x'', public_bytes = null, erased = 1, row_check = ? where room = ? and "offset" = ?`, check, room, offset);
  return keptBytes(entry);
}

function applyCheckpoint(db: Database, { room, checkpoint, trim }: CheckpointWrite): Written {
  const row = readRoom(db, room);
  if (row === undefined || checkpoint.offset <= (row.checkpoint ?? -1)) return { kind: "conflict" };
  const { epoch, offset, check, position, publicCheck, version, bytes } = checkpoint;
  db.run(
    `insert or replace into checkpoint (room, epoch, "offset", "check", position, public_check, version, bytes, row_check) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    epoch,
    offset,
    check,
    position,
    publicCheck,
    version,
    bytes,
    checkpointCheck(row.id, checkpoint),
  );
  const isWritten = updateRoom(db, { ...trimRoom(db, row, clampTrim(trim, checkpoint, row.head)), checkpoint: offset });
  return isWritten ? { kind: "written", callsSince: row.head.callsSince } : { kind: "conflict" };
}
