import { DatabaseSync } from "node:sqlite";
import { readPack, unpack } from "../../nexios/src/log/rows/pack.ts";
import { entriesOfRun, readRun } from "../../nexios/src/sqlite/run.ts";

/** An entry of the document's log, as the file has it. */
export interface WrittenEntry {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A document's log. */
export interface WrittenDocument {
  /** In order of their offsets, as far as they are there. */
  readonly entries: readonly WrittenEntry[];
  /** Where the room's row says that the log ends. */
  readonly head: number;
  readonly packs: number;
}

/** Reads a document by SQL, without a change to the file; packs and runs are taken apart as the log does it. @throws Error for a file without it, or a damaged pack */
export function readWritten(file: string, name: string): WrittenDocument {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const room = db.prepare(`select id, "offset" from nexios_room where name = ?`).get(name);
    if (room === undefined) throw new Error(`${file} has no ${name}`);
    const id = Number(room["id"]);
    const packs = db.prepare("select * from nexios_pack where room = ? order by last_offset").all(id);
    const packed = packs.flatMap((row) => unpack(name, readPack(name, row)));
    const runs = db.prepare("select * from nexios_run where room = ? order by last_offset").all(id);
    const together = runs.flatMap((row) => entriesOfRun(name, readRun(name, row)));
    const rows = db.prepare(`select "offset", bytes from nexios_entry where room = ?`).all(id);
    const unpacked = rows.map(({ offset, bytes }) => ({ offset: Number(offset), bytes: bytes instanceof Uint8Array ? bytes : new Uint8Array() }));
    return {
      entries: [...packed, ...together, ...unpacked].toSorted((one, other) => one.offset - other.offset),
      head: Number(room["offset"]),
      packs: packs.length,
    };
  } finally {
    db.close();
  }
}
