import type { Head, Millis, StoredEntry } from "../log/log.ts";
import { packColumns } from "../log/rows/columns.ts";
import { damagedPack, type Pack, requireChained, toPackRow } from "../log/rows/pack.ts";
import { requireChecked, type Row, rowCheck } from "../log/rows/row-check.ts";
import type { Database } from "./database.ts";
import { decodeRun, encodeRun } from "./run-format.ts";

/** Entries of one batch that stand together in one row until they are packed: as a pack, but with all that they have, and not deflated. */
export interface Run extends Pack {
  /** When the first one was made. */
  readonly at: Millis;
}

const columns: readonly string[] = [...packColumns, "at"];

/** Entries that follow a head, of which there is at least one, and none is erased. */
export function toRun({ check, position, publicCheck }: Head, entries: readonly StoredEntry[]): Run {
  const shown = entries.findLast((entry) => entry.public !== undefined)?.public;
  return {
    firstOffset: entries[0]?.offset ?? 0,
    lastOffset: entries.at(-1)?.offset ?? 0,
    beforeCheck: check,
    lastCheck: entries.at(-1)?.check ?? 0,
    beforePosition: shown === undefined ? 0 : position,
    lastPosition: shown?.position ?? 0,
    at: entries[0]?.at ?? 0,
    bytes: encodeRun(publicCheck, entries),
  };
}

/** Its entries, as they were. @throws NexiosError DAMAGED when they do not chain from its beginning to its end. */
export function entriesOfRun(name: string, run: Pack): readonly StoredEntry[] {
  const { firstOffset, lastOffset, beforeCheck, beforePosition, bytes } = run;
  const start = { offset: firstOffset, check: beforeCheck, position: beforePosition + 1 };
  return requireChained(name, run, decodeRun(bytes, start, lastOffset + 1 - firstOffset));
}

/** A run as it was written. @throws NexiosError DAMAGED */
export function readRun(name: string, row: Row): Pack {
  requireChecked(`A run of ${name}`, row, columns, "bytes");
  return toPackRow(`A run of ${name}`, row);
}

/** Writes a run's row. */
export function insertRun(db: Database, room: number, run: Run): void {
  const { firstOffset, lastOffset, beforeCheck, lastCheck, beforePosition, lastPosition, at, bytes } = run;
  const values = [room, firstOffset, lastOffset, beforeCheck, lastCheck, beforePosition, lastPosition, at] as const;
  db.run(insert, ...values, bytes, rowCheck(values, bytes));
}

const insert = `insert into nexios_run (${columns.join(", ")}, bytes, row_check) values (${columns.map(() => "?").join(", ")}, ?, ?)`;

/** @throws NexiosError DAMAGED when it is not there. */
export function deleteRun(db: Database, room: number, name: string, run: Pack): void {
  if (db.run("delete from nexios_run where room = ? and last_offset = ?", room, run.lastOffset) !== 1) throw damagedPack(name, run);
}
