import { keptBytes } from "../log/kept-bytes.ts";
import type { LogLimits, Offset } from "../log/log.ts";
import { clampTrim } from "../log/trim.ts";
import { checkpointCheck, entryCheck } from "../log/rows/columns.ts";
import type { Database } from "./database.ts";
import { applyLetters, applyReading, applyRegister } from "./apply-reading.ts";
import { insertEntry } from "./insert-entry.ts";
import { erasePacked, packRoom } from "./pack-room.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { toEntry } from "../log/rows/rows.ts";
import { insertRun } from "./run.ts";
import { trimRoom } from "./trim-room.ts";
import type { BatchWrite, CheckpointWrite, PackWrite, Write, Written } from "./write.ts";
import { writeOutcomes } from "./write-outcomes.ts";
import { insertRoom, readRoom, updateRoom } from "./write-room.ts";

/** Applies one write inside a transaction. `conflict` when the log is not where the write says: then what it did must be rolled back. */
export function apply(db: Database, write: Write, limits: LogLimits): Written {
  switch (write.kind) {
    case "batch":
      return applyBatch(db, write, limits);
    case "reading":
      return applyReading(db, write);
    case "register":
      return applyRegister(db, write);
    case "letter":
    case "letters":
      return applyLetters(db, write);
    case "checkpoint":
      return applyCheckpoint(db, write);
    case "pack":
      return applyPack(db, write);
  }
}

function applyBatch(db: Database, write: BatchWrite, limits: LogLimits): Written {
  const { isNew, entries, run, erase } = write;
  const row = isNew ? insertRoom(db, write.row) : write.row;
  if (row === undefined) return { kind: "conflict" };
  for (const entry of entries) insertEntry(db, row.id, entry);
  if (run !== undefined) insertRun(db, row.id, run);
  const erased = eraseEntries(db, row, erase);
  const { totals, callsSince } = writeOutcomes(db, row, write.outcomes, limits);
  const next = { id: row.id, callsSince, bytes: row.bytes - erased, outcomes: totals };
  const check = updateRoom(db, { ...row, ...next, head: { ...row.head, callsSince } });
  return check === undefined ? { kind: "conflict" } : { kind: "written", callsSince, row: { ...next, check } };
}

/** Takes content from entries. Returns how many bytes are gone. */
function eraseEntries(db: Database, row: RoomRow, offsets: readonly Offset[]): number {
  const packed: Offset[] = [];
  let gone = 0;
  for (const offset of offsets) {
    const bytes = eraseEntry(db, row.id, row.name, offset);
    if (bytes === undefined) packed.push(offset);
    else gone += bytes;
  }
  return gone + erasePacked(db, row, packed);
}

/** `undefined` when it has no row. */
function eraseEntry(db: Database, room: number, name: string, offset: Offset): number | undefined {
  const row = db.get(`select * from nexios_entry where room = ? and "offset" = ?`, room, offset);
  if (row === undefined) return undefined;
  const entry = toEntry(name, row);
  const check = entryCheck(room, { ...entry, erased: true });
  db.run(`update nexios_entry set bytes = x'', public_bytes = null, erased = 1, row_check = ? where room = ? and "offset" = ?`, check, room, offset);
  return keptBytes(entry);
}

function applyCheckpoint(db: Database, { room, checkpoint, trim }: CheckpointWrite): Written {
  const row = readRoom(db, room);
  if (row === undefined || checkpoint.offset <= (row.checkpoint ?? -1)) return { kind: "conflict" };
  const { epoch, offset, check, position, publicCheck, version, bytes } = checkpoint;
  db.run(
    `insert or replace into nexios_checkpoint (room, epoch, "offset", "check", position, public_check, version, bytes, row_check) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
  const nextCheck = updateRoom(db, { ...trimRoom(db, row, clampTrim(trim, checkpoint, row.head)), checkpoint: offset });
  return nextCheck === undefined ? { kind: "conflict" } : { kind: "written", callsSince: row.head.callsSince };
}

function applyPack(db: Database, { room, through, entries }: PackWrite): Written {
  const row = readRoom(db, room);
  const next = row && packRoom(db, row, through, entries);
  if (next === undefined) return { kind: "conflict" };
  return updateRoom(db, next) === undefined ? { kind: "conflict" } : { kind: "written", callsSince: next.head.callsSince };
}
