import type { Millis } from "../log/log.ts";
import type { Reader } from "../log/readings.ts";
import type { Connection } from "./connection.ts";

/**
 * Makes a subscription known, once; of several processes that do it at the same moment the first counts. One that begins with what comes now has read what there is, but of
 * logs in which it has a place of its own. Returns from which time on entries are for it.
 */
export async function registerReader(db: Connection, { name, prefix, from, after = new Map() }: Reader, now: Millis): Promise<Millis> {
  const since = from === "now" ? 0 : from;
  const isNew =
    (await db.run("insert into nexios_subscription (name, started_at, since) values ($1, $2, $3) on conflict do nothing", name, Math.floor(now), since)) === 1;
  if (isNew && from === "now") {
    await db.run(
      `insert into nexios_reading (subscription, log, "offset", fence, attempts) select $1, name, "offset", 0, 0 from nexios_room where name >= $2 and name < $3
        on conflict do nothing`,
      name,
      prefix,
      prefix + afterAll,
    );
  }
  if (isNew && after.size > 0) {
    await db.run(
      `insert into nexios_reading (subscription, log, "offset", fence, attempts)
        select $1, r.name, least(r."offset", given."offset"), 0, 0 from unnest($2::text[], $3::bigint[]) as given (log, "offset") join nexios_room r on r.name = given.log
        on conflict (subscription, log) do update set "offset" = excluded."offset"`,
      name,
      [...after.keys()],
      [...after.values()],
    );
  }
  const row = await db.get("select since from nexios_subscription where name = $1", name);
  return Number(row?.["since"]);
}

/** The highest text that begins with a prefix comes before this. */
const afterAll = "\u{10ffff}";
