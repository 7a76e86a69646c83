import type { Millis, Offset } from "../log/log.ts";
import type { Reading, ReadingStep } from "../log/reading.ts";
import type { DeadLetter, Lag, Reader, Readings } from "../log/readings.ts";
import { toLetter } from "../log/rows/reading-row.ts";
import { NexiosError } from "../protocol/failure.ts";
import { afterAll, readReading } from "./apply-reading.ts";
import { Database } from "./database.ts";
import type { Write, Written } from "./write.ts";
import type { WriterThread } from "./writer-thread.ts";

/** How far subscriptions have come in the logs of one SQLite file. */
export class SqliteReadings implements Readings {
  readonly #db: Database;
  readonly #writer: WriterThread;
  readonly #now: () => Millis;

  constructor(db: Database, writer: WriterThread, now: () => Millis) {
    this.#db = db;
    this.#writer = writer;
    this.#now = now;
  }

  async register(reader: Reader): Promise<{ readonly since: Millis }> {
    await this.#write({ kind: "register", reader, now: this.#now() });
    return { since: Number(this.#db.get("select since from nexios_subscription where name = ?", reader.name)?.["since"]) };
  }

  async reading(subscription: string, log: string): Promise<Reading | undefined> {
    return readReading(this.#db, subscription, log);
  }

  async step(subscription: string, log: string, step: ReadingStep): Promise<Reading | undefined> {
    const written = await this.#write({ kind: "reading", subscription, log, step });
    return written.kind === "stepped" ? written.reading : undefined;
  }

  async behind({ name, prefix }: Pick<Reader, "name" | "prefix">, now: Millis, after: string, limit: number): Promise<readonly string[]> {
    const free = "coalesce(s.lease_until, 0) <= ? and coalesce(s.retry_at, 0) <= ?";
    const rows = this.#db.all(
      `select r.name ${behindOf} and r.name > ? and ${free} order by r.name limit ?`,
      name,
      prefix,
      prefix + afterAll,
      after,
      now,
      now,
      limit,
    );
    return rows.map((row) => String(row["name"]));
  }

  async due(subscription: string, now: Millis, limit: number): Promise<readonly string[]> {
    // Two queries, of which each has an index.
    const rows = [
      ...this.#db.all(
        "select log from nexios_reading where subscription = ? and retry_at <= ? and coalesce(lease_until, 0) <= ? limit ?",
        subscription,
        now,
        now,
        limit,
      ),
      ...this.#db.all("select log from nexios_reading where subscription = ? and lease_until <= ? and retry_at is null limit ?", subscription, now, limit),
    ];
    return rows.map((row) => String(row["log"])).slice(0, limit);
  }

  async passed(log: string, subscriptions: readonly string[]): Promise<Offset> {
    const offsets = subscriptions.map((name) => readReading(this.#db, name, log)?.offset ?? 0);
    return Math.min(...offsets);
  }

  async beginningBefore(prefix: string, before: Millis, after: string, limit: number): Promise<readonly string[]> {
    const rows = this.#db.all(
      `select r.name from nexios_room r join nexios_entry e on e.room = r.id and e."offset" = r.first_offset
        where r.name >= ? and r.name < ? and r.name > ? and e.at < ? order by r.name limit ?`,
      prefix,
      prefix + afterAll,
      after,
      before,
      limit,
    );
    return rows.map((row) => String(row["name"]));
  }

  async lag({ name, prefix }: Pick<Reader, "name" | "prefix">): Promise<Lag> {
    const values = [name, prefix, prefix + afterAll] as const;
    const counted = this.#db.get(`select count(*) as logs, coalesce(sum(r."offset" - coalesce(s."offset", 0)), 0) as entries ${behindOf}`, ...values);
    const oldest = this.#db.get(`select min(coalesce(e.at, u.at)) as at ${behindOf.replace(" where ", `${nextEntry} where `)}`, ...values)?.["at"];
    const failing = this.#db.get(`select count(*) as logs ${behindOf} and s.attempts > 0`, ...values);
    const letters = this.#db.get("select count(*) as letters from nexios_dead_letter where subscription = ?", name);
    return {
      entries: Number(counted?.["entries"]),
      logs: Number(counted?.["logs"]),
      ...(typeof oldest === "number" && { oldestAt: oldest }),
      failing: Number(failing?.["logs"]),
      deadLetters: Number(letters?.["letters"]),
    };
  }

  async deadLetters(subscription: string, before: number, limit: number): Promise<readonly DeadLetter[]> {
    return this.#db
      .all("select * from nexios_dead_letter where subscription = ? and id < ? order by id desc limit ?", subscription, before, limit)
      .map(toLetter);
  }

  async deadLetter(id: number): Promise<DeadLetter | undefined> {
    const row = this.#db.get("select * from nexios_dead_letter where id = ?", id);
    return row === undefined ? undefined : toLetter(row);
  }

  async letterOwners(): Promise<readonly string[]> {
    return this.#db.all("select distinct subscription from nexios_dead_letter").map((row) => String(row["subscription"]));
  }

  async forgetLetter(id: number): Promise<void> {
    await this.#write({ kind: "letter", id });
  }

  async forgetLettersBefore(subscription: string, before: Millis): Promise<void> {
    await this.#write({ kind: "letters", subscription, before });
  }

  async #write(write: Write): Promise<Written> {
    const written = await this.#writer.write(write);
    if (written.kind === "failed") throw new NexiosError(written.code, written.message);
    return written;
  }
}

/** What a reading comes to next: an entry, or the run that has it. */
const nextEntry = ` left join nexios_entry e on e.room = r.id and e."offset" = coalesce(s."offset", 0) + 1
  left join nexios_run u on u.room = r.id and u.last_offset > coalesce(s."offset", 0) and u.first_offset <= coalesce(s."offset", 0) + 1`;

const behindOf = `from nexios_room r left join nexios_reading s on s.subscription = ? and s.log = r.name
  where r.name >= ? and r.name < ? and r."offset" > coalesce(s."offset", 0)`;
