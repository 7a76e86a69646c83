import type { Millis, Offset } from "../log/log.ts";
import type { Reading, ReadingStep } from "../log/reading.ts";
import type { DeadLetter, Lag, Reader, Readings } from "../log/readings.ts";
import { toLetter } from "../log/rows/reading-row.ts";
import type { Connection } from "./connection.ts";
import type { Connections, Outcome } from "./connections.ts";
import { toFailure } from "./failures.ts";
import { registerReader } from "./register-reader.ts";
import { readReading, stepReadingRow } from "./step-reading.ts";

/** So often is a step begun anew because others were in its way. */
const tries = 4;
/** The highest text that begins with a prefix comes before this. */
const afterAll = "\u{10ffff}";

/** How far subscriptions have come in the logs of a PostgreSQL database; steps of several processes on one log take turns by the lock of its row. */
export class PostgresReadings implements Readings {
  readonly #connections: Connections;
  readonly #now: () => Millis;

  constructor(connections: Connections, now: () => Millis) {
    this.#connections = connections;
    this.#now = now;
  }

  register(reader: Reader): Promise<{ readonly since: Millis }> {
    return this.#write(async (db) => ({ value: { since: await registerReader(db, reader, this.#now()) }, commit: true }));
  }

  reading(subscription: string, log: string): Promise<Reading | undefined> {
    return this.#read((db) => readReading(db, subscription, log));
  }

  step(subscription: string, log: string, step: ReadingStep): Promise<Reading | undefined> {
    return this.#write(async (db) => {
      const value = await stepReadingRow(db, subscription, log, step);
      return { value, commit: value !== undefined };
    });
  }

  async behind({ name, prefix }: Pick<Reader, "name" | "prefix">, now: Millis, after: string, limit: number): Promise<readonly string[]> {
    const free = "coalesce(s.lease_until, 0) <= $5 and coalesce(s.retry_at, 0) <= $5";
    const sql = `select r.name ${behindOf} and r.name > $4 and ${free} order by r.name limit $6`;
    return this.#names(sql, "name", name, prefix, prefix + afterAll, after, now, limit);
  }

  async due(subscription: string, now: Millis, limit: number): Promise<readonly string[]> {
    // Two queries, of which each has an index.
    const sql = `(select log from nexios_reading where subscription = $1 and retry_at <= $2 and coalesce(lease_until, 0) <= $2 limit $3)
      union all (select log from nexios_reading where subscription = $1 and lease_until <= $2 and retry_at is null limit $3) limit $3`;
    return this.#names(sql, "log", subscription, now, limit);
  }

  async passed(log: string, subscriptions: readonly string[]): Promise<Offset> {
    if (subscriptions.length === 0) return Infinity;
    const sql = `select min(coalesce(s."offset", 0)) as passed from unnest($2::text[]) as given (name)
      left join nexios_reading s on s.subscription = given.name and s.log = $1`;
    const row = await this.#read((db) => db.get(sql, log, subscriptions));
    return Number(row?.["passed"]);
  }

  async beginningBefore(prefix: string, before: Millis, after: string, limit: number): Promise<readonly string[]> {
    const sql = `select r.name from nexios_room r join nexios_entry e on e.room = r.id and e."offset" = r.first_offset
      where r.name >= $1 and r.name < $2 and r.name > $3 and e.at < $4 order by r.name limit $5`;
    return this.#names(sql, "name", prefix, prefix + afterAll, after, before, limit);
  }

  async lag({ name, prefix }: Pick<Reader, "name" | "prefix">): Promise<Lag> {
    const oldest = `left join nexios_entry e on e.room = r.id and e."offset" = coalesce(s."offset", 0) + 1`;
    const sql = `select count(*) as logs, coalesce(sum(r."offset" - coalesce(s."offset", 0)), 0) as entries, min(e.at) as oldest,
      count(*) filter (where s.attempts > 0) as failing, (select count(*) from nexios_dead_letter where subscription = $1) as letters
      ${behindOf.replace(" where ", ` ${oldest} where `)}`;
    const row = await this.#read((db) => db.get(sql, name, prefix, prefix + afterAll));
    const at = row?.["oldest"];
    return {
      entries: Number(row?.["entries"]),
      logs: Number(row?.["logs"]),
      ...(typeof at === "number" && { oldestAt: at }),
      failing: Number(row?.["failing"]),
      deadLetters: Number(row?.["letters"]),
    };
  }

  async deadLetters(subscription: string, before: number, limit: number): Promise<readonly DeadLetter[]> {
    const sql = "select * from nexios_dead_letter where subscription = $1 and id < $2 order by id desc limit $3";
    return this.#read(async (db) => (await db.all(sql, subscription, Math.min(before, Number.MAX_SAFE_INTEGER), limit)).map(toLetter));
  }

  async deadLetter(id: number): Promise<DeadLetter | undefined> {
    const row = await this.#read((db) => db.get("select * from nexios_dead_letter where id = $1", id));
    return row === undefined ? undefined : toLetter(row);
  }

  letterOwners(): Promise<readonly string[]> {
    return this.#names("select distinct subscription from nexios_dead_letter", "subscription");
  }

  async forgetLetter(id: number): Promise<void> {
    await this.#write(async (db) => ({ value: await db.run("delete from nexios_dead_letter where id = $1", id), commit: true }));
  }

  async forgetLettersBefore(subscription: string, at: Millis): Promise<void> {
    const sql = "delete from nexios_dead_letter where subscription = $1 and at < $2";
    await this.#write(async (db) => ({ value: await db.run(sql, subscription, at), commit: true }));
  }

  #names(sql: string, column: string, ...values: readonly (string | number)[]): Promise<readonly string[]> {
    return this.#read(async (db) => (await db.all(sql, ...values)).map((row) => String(row[column])));
  }

  async #write<Value>(run: (db: Connection) => Promise<Outcome<Value>>): Promise<Value> {
    try {
      return await this.#connections.transaction(run, { tries });
    } catch (error) {
      throw toFailure(error);
    }
  }

  async #read<Value>(run: (db: Connection) => Promise<Value>): Promise<Value> {
    try {
      return await this.#connections.read(run);
    } catch (error) {
      throw toFailure(error);
    }
  }
}

const behindOf = `from nexios_room r left join nexios_reading s on s.subscription = $1 and s.log = r.name
  where r.name >= $2 and r.name < $3 and r."offset" > coalesce(s."offset", 0)`;
