import { firstReading, type Reading, type ReadingStep, stepReading } from "../log/reading.ts";
import { toReading } from "../log/rows/reading-row.ts";
import type { Connection } from "./connection.ts";

/** Does a step under the lock of the reading's row; `undefined`, and nothing may be committed, when it may not be done. */
export async function stepReadingRow(db: Connection, subscription: string, log: string, step: ReadingStep): Promise<Reading | undefined> {
  const stepped = stepReading(await lockReading(db, subscription, log), step);
  if (stepped === undefined) return undefined;
  const { reading, buried, unburied, failedAgain } = stepped;
  const letter = `subscription = $1 and log = $2 and "offset" = $3`;
  if (unburied !== undefined && (await db.run(`delete from nexios_dead_letter where ${letter}`, subscription, log, unburied)) === 0) return undefined;
  if (failedAgain !== undefined) {
    const { offset, error } = failedAgain;
    const counted = await db.run(`update nexios_dead_letter set attempts = attempts + 1, error = $4 where ${letter}`, subscription, log, offset, error);
    if (counted === 0) return undefined;
  }
  await db.run(
    `update nexios_reading set "offset" = $3, fence = $4, lease_until = $5, attempts = $6, first_at = $7, retry_at = $8, error = $9 where subscription = $1 and log = $2`,
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
    // The newest has the highest number.
    await db.run(`delete from nexios_dead_letter where ${letter}`, subscription, log, offset);
    await db.run(
      `insert into nexios_dead_letter (subscription, log, "offset", at, attempts, error) values ($1, $2, $3, $4, $5, $6)`,
      subscription,
      log,
      offset,
      at,
      attempts,
      error,
    );
  }
  return reading;
}

export async function readReading(db: Connection, subscription: string, log: string): Promise<Reading | undefined> {
  const row = await db.get("select * from nexios_reading where subscription = $1 and log = $2", subscription, log);
  return row === undefined ? undefined : toReading(row);
}

/** A row that is not there is made: whoever comes at the same moment waits for it. */
async function lockReading(db: Connection, subscription: string, log: string): Promise<Reading> {
  const locked = `select *, pg_current_xact_id()::text as transaction from nexios_reading where subscription = $1 and log = $2 for update`;
  let row = await db.get(locked, subscription, log);
  if (row === undefined) {
    await db.run(
      `insert into nexios_reading (subscription, log, "offset", fence, attempts) values ($1, $2, $3, $4, $5) on conflict do nothing`,
      subscription,
      log,
      firstReading.offset,
      firstReading.fence,
      firstReading.attempts,
    );
    row = await db.get(locked, subscription, log);
  }
  // It was made, and nobody deletes readings.
  db.transaction = String(row?.["transaction"]);
  return toReading(row ?? {});
}
