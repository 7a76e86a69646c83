import { DatabaseSync } from "node:sqlite";
import { readFileSync } from "node:fs";

/** What is wrong with a database, seen from what its callers wrote down. */
export interface Verdict {
  readonly acknowledged: number;
  /** Promised, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** Offsets with a hole, or positions. */
  readonly holes: number;
}

/** Reads the file by SQL alone: nothing of the log's own code judges it. */
export function judge(database: string, journal: string): Verdict {
  // A last line without its end was never finished: nobody was promised it.
  const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  const db = new DatabaseSync(database);
  const rows = db
    .prepare(
      `select room.name as name, entry."offset" as "offset", entry.position as position, call_id from entry join room on room.id = entry.room order by name, entry."offset"`,
    )
    .all();
  db.close();
  const times = new Map<string, number>();
  let holes = 0;
  let last: { name: unknown; offset: number; position: number } = { name: undefined, offset: 0, position: 0 };
  for (const { name, offset, position, call_id: callId } of rows) {
    const key = `${String(name)} ${String(callId)}`;
    times.set(key, (times.get(key) ?? 0) + 1);
    const before = last.name === name ? last : { name, offset: 0, position: 0 };
    if (Number(offset) !== before.offset + 1 || Number(position) !== before.position + 1) holes++;
    last = { name, offset: Number(offset), position: Number(position) };
  }
  return {
    acknowledged: lines.length,
    lost: lines.filter((line) => !times.has(line)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
    holes,
  };
}
