import { readFileSync } from "node:fs";
import { runSql } from "../../nexios/src/postgres/run-sql.fixture.ts";

/** What is wrong with a database, seen from what its callers wrote down. */
export interface Verdict {
  readonly acknowledged: number;
  /** Promised, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly doubled: number;
  /** Places in the order of entries where an offset or a position is not the next. */
  readonly holes: number;
  /** Rooms that count other entries, outcomes or bytes than they keep. */
  readonly miscounted: number;
  /** Secret content of entries that are not kept whole. */
  readonly secrets: number;
  /** Entries that are not kept whole. */
  readonly trimmed: number;
}

/** Reads the database by SQL alone: nothing of the log's own code judges it. */
export async function judge(url: string, journal: string): Promise<Verdict> {
  // A last line without its end was never finished: nobody was promised it.
  const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
  const count = async (sql: string): Promise<number> => Number((await runSql(url, sql))[0]?.["number"] ?? 0);
  const rows = await runSql(url, callTimes);
  const [holes, miscounted, secrets, trimmed] = [await count(wrongPlaces), await count(wrongCounts), await count(bareSecrets), await count(trims)];
  const times = new Map(rows.map((row) => [String(row["key"]), Number(row["times"])]));
  return {
    acknowledged: lines.length,
    lost: lines.filter((line) => !times.has(line)).length,
    doubled: [...times.values()].filter((each) => each > 1).length,
    holes,
    miscounted,
    secrets,
    trimmed,
  };
}

const callTimes = `select room.name || ' ' || call_id as key, count(*) as times
  from nexios_entry entry join nexios_room room on room.id = entry.room where call_id is not null group by 1`;
// Nothing public was let go: positions begin at 1. What is trimmed is not dense by offsets any more.
const wrongPlaces = `select count(*) as number from (
  select entry."offset", first_offset, entry.position,
    lag(entry."offset", 1, 0::bigint) over (partition by room.id order by entry."offset") as before,
    count(entry.position) over (partition by room.id order by entry."offset") as counted
  from nexios_entry entry join nexios_room room on room.id = entry.room
) as places where ("offset" > first_offset and "offset" <> before + 1) or (position is not null and position <> counted)`;
const wrongCounts = `select count(*) as number from nexios_room room where (entries, bytes) is distinct from
  (select (count(*), coalesce(sum(octet_length(entry.bytes) + coalesce(octet_length(public_bytes), 0)), 0)::bigint) from nexios_entry entry where entry.room = room.id)
  or (outcomes, outcome_bytes, outcome_checks) is distinct from
  (select (count(*), coalesce(sum(octet_length(key) + octet_length(input_hash) + octet_length(outcome.bytes)), 0)::bigint, (coalesce(sum(row_check), 0) % 4294967296)::bigint)
    from nexios_outcome outcome where outcome.room = room.id)`;
const bareSecrets = `select count(*) as number from nexios_entry entry join nexios_room room on room.id = entry.room
  where entry."offset" < first_offset and (public_bytes is not null or entry.position is null or convert_from(entry.bytes, 'UTF8') like '%secret%')`;
const trims = "select sum(first_offset - 1) as number from nexios_room";
