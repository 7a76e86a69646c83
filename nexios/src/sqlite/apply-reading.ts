import { firstReading, type Reading, stepReading } from "../log/reading.ts";
import { toReading } from "../log/rows/reading-row.ts";
import type { Database } from "./database.ts";
import type { LettersWrite, ReadingWrite, RegisterWrite, Written } from "./write.ts";

/** The highest text that begins with a prefix comes before this. */
export const afterAll = "\u{10ffff}";

/** Does a step; `conflict` when it may not be done. */
export function applyReading(db: Database, { subscription, log, step }: ReadingWrite): Written {
  const stepped = stepReading(readReading(db, subscription, log) ?? firstReading, step);
  if (stepped === undefined) return { kind: "conflict" };
  const { reading, buried, unburied, failedAgain } = stepped;
  if (unburied !== undefined) {
    const gone = db.run(`delete from nexios_dead_letter where subscription = ? and log = ? and "offset" = ?`, subscription, log, unburied);
    if (gone === 0) return { kind: "conflict" };
  }
  if (failedAgain !== undefined) {
    const counted = db.run(
      `update nexios_dead_letter set attempts = attempts + 1, error = ? where subscription = ? and log = ? and "offset" = ?`,
      failedAgain.error,
      subscription,
      log,
      failedAgain.offset,
    );
    if (counted === 0) return { kind: "conflict" };
  }
  db.run(
    `insert or replace into nexios_reading (subscription, log, "offset", fence, lease_until, attempts, first_at, retry_at, error) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    subscription,
    log,
    reading.offset,
    reading.fence,
    reading.leaseUntil ?? null,
    reading.attempts,
    reading.firstAt ?? null,
    reading.retryAt ?? null,
    reading.error ?? null,
  );
  if (buried !== undefined) {
    const { offset, at, attempts, error } = buried;
    db.run(
      `insert or replace into nexios_dead_letter (subscription, log, "offset", at, attempts, error) values (?, ?, ?, ?, ?, ?)`,
      subscription,
      log,
      offset,
      at,
      attempts,
      error,
    );
  }
  return { kind: "stepped", reading };
}

export function readReading(db: Database, subscription: string, log: string): Reading | undefined {
  const row = db.get("select * from nexios_reading where subscription = ? and log = ?", subscription, log);
  return row === undefined ? undefined : toReading(row);
}

/** A subscription that begins with what comes now has read what there is, but of logs in which it has a place of its own. */
export function applyRegister(db: Database, { reader: { name, prefix, from, after = new Map() }, now }: RegisterWrite): Written {
  const since = from === "now" ? 0 : from;
  const isNew = db.run("insert into nexios_subscription (name, started_at, since) values (?, ?, ?) on conflict do nothing", name, now, since) === 1;
  if (isNew && from === "now") {
    db.run(
      `insert into nexios_reading (subscription, log, "offset", fence, attempts) select ?, name, "offset", 0, 0 from nexios_room where name >= ? and name < ?`,
      name,
      prefix,
      prefix + afterAll,
    );
  }
  if (isNew) {
    for (const [log, offset] of after) {
      db.run(
        `insert into nexios_reading (subscription, log, "offset", fence, attempts) select ?, name, min("offset", ?), 0, 0 from nexios_room where name = ?
          on conflict do update set "offset" = excluded."offset"`,
        name,
        offset,
        log,
      );
    }
  }
  return { kind: "written", callsSince: 0 };
}

export function applyLetters(db: Database, write: LettersWrite): Written {
  if (write.kind === "letter") db.run("delete from nexios_dead_letter where id = ?", write.id);
  else db.run("delete from nexios_dead_letter where subscription = ? and at < ?", write.subscription, write.before);
  return { kind: "written", callsSince: 0 };
}
