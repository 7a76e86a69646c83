import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { readFileSync } from "node:fs";

/** What is wrong with a database, seen from what its callers wrote down. */
export interface Verdict {
  readonly acknowledged: number;
  /** Promised, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** Offsets with a hole among the entries that are kept whole, or positions. */
  readonly holes: number;
  /** Rooms that count other entries, outcomes or bytes than they keep. */
  readonly miscounted: number;
  /** Secret content of entries that are not kept whole. */
  readonly secrets: number;
  /** Entries that are not kept whole. */
  readonly trimmed: number;
}

/** Reads the file by SQL alone: nothing of the log's own code judges it. */
export function judge(database: string, journal: string): Verdict {
  // A last line without its end was never finished: nobody was promised it.
  const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  const db = new DatabaseSync(database);
  const rows = db.prepare(entries).all();
  const [trimmed, miscounted, secrets] = [rooms, wrongCounts, bareSecrets].map((sql) => Number(db.prepare(sql).get()?.["number"]));
  db.close();
  const times = new Map<string, number>();
  for (const { name, call_id: callId } of rows.filter((row) => row["call_id"] !== null)) {
    const key = `${String(name)} ${String(callId)}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return {
    acknowledged: lines.length,
    lost: lines.filter((line) => !times.has(line)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
    holes: holesIn(rows),
    miscounted: miscounted ?? 0,
    secrets: secrets ?? 0,
    trimmed: trimmed ?? 0,
  };
}

const entries = `select room.name as name, first_offset, entry."offset" as "offset", entry.position as position, call_id
  from nexios_entry entry join nexios_room room on room.id = entry.room order by name, entry."offset"`;
const rooms = "select sum(first_offset - 1) as number from nexios_room";
const wrongCounts = `select count(*) as number from nexios_room room where (entries, bytes) is not
  (select count(*), coalesce(sum(length(entry.bytes) + coalesce(length(public_bytes), 0)), 0) from nexios_entry entry where entry.room = room.id)
  or (outcomes, outcome_bytes, outcome_checks) is not
  (select count(*), coalesce(sum(octet_length(key) + octet_length(input_hash) + length(outcome.bytes)), 0), coalesce(sum(row_check), 0) % 4294967296
    from nexios_outcome outcome where outcome.room = room.id)`;
const bareSecrets = `select count(*) as number from nexios_entry entry join nexios_room room on room.id = entry.room
  where entry."offset" < first_offset and (public_bytes is not null or entry.position is null or cast(entry.bytes as text) like '%secret%')`;

/** Nothing public was let go: positions begin at 1. */
function holesIn(rows: readonly Record<string, SQLOutputValue>[]): number {
  let holes = 0;
  let last: { readonly name: unknown; readonly offset: number; readonly position: number } | undefined;
  for (const { name, first_offset: firstOffset, offset: at, position: count } of rows) {
    const offset = Number(at);
    const before = last !== undefined && last.name === name ? last : { offset: 0, position: 0 };
    const position = count === null ? before.position : Number(count);
    const isNext = offset <= Number(firstOffset) ? offset > before.offset : offset === before.offset + 1;
    if (!isNext || (count !== null && position !== before.position + 1)) holes++;
    last = { name, offset, position };
  }
  return holes;
}
