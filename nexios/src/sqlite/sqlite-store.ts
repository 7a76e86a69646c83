import { createHash } from "node:crypto";
import type { Migration, SqlResult, SqlValue, Store, StoreTransaction, Committed } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import { Database } from "./database.ts";
import { SqliteLog, type SqliteLogOptions } from "./sqlite-log.ts";
import { SqliteReadings } from "./sqlite-readings.ts";
import { SqliteTransaction } from "./sqlite-transaction.ts";

export interface SqliteStoreOptions extends SqliteLogOptions {
  /** How long a transaction may take: others wait for it. 1,000 unless given. */
  readonly transactionMs?: number;
  /** Runs something after so many milliseconds, unless it is cancelled. */
  readonly after: (ms: number, run: () => void) => () => void;
}

const defaultTransactionMs = 1_000;

/** Durable logs, how far subscriptions have come in them, and an application's own tables, in one SQLite file, which one process owns. */
export class SqliteStore implements Store {
  readonly log: SqliteLog;
  readonly readings: SqliteReadings;
  readonly #options: SqliteStoreOptions;
  /** Reads what is committed: how far subscriptions have come; and, apart from it, what the application asks. */
  readonly #db: Database;
  readonly #applicationDb: Database;
  #lastTransaction = 0;
  readonly #open = new Set<Promise<unknown>>();

  private constructor(options: SqliteStoreOptions, log: SqliteLog) {
    this.#options = options;
    this.log = log;
    this.#db = new Database(options.file, { readOnly: true });
    this.#applicationDb = new Database(options.file, { readOnly: true });
    this.#applicationDb.guardApplication();
    this.readings = new SqliteReadings(this.#db, log.writer, options.now);
  }

  /** @throws NexiosError DATABASE_IN_USE, DAMAGED, UNAVAILABLE */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    return new SqliteStore(options, await SqliteLog.open(options));
  }

  transaction<Value>(run: (tx: StoreTransaction) => Promise<Value>): Promise<Committed<Value>> {
    const running = this.#run(run);
    this.#open.add(running);
    const forget = (): void => void this.#open.delete(running);
    running.then(forget, forget);
    return running;
  }

  async query(sql: string, values: readonly SqlValue[] = []): Promise<SqlResult> {
    return this.#applicationDb.query(sql, values);
  }

  async migrate(migrations: readonly Migration[], set?: string): Promise<readonly Migration[]> {
    for (const [index, { number }] of migrations.entries()) if (number !== index + 1) throw new TypeError(`Migration ${index + 1} has the number ${number}`);
    const made: Migration[] = [];
    for (const migration of migrations) if (await this.#migrate(migration, set)) made.push(migration);
    return made;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#open);
    this.#db.close();
    this.#applicationDb.close();
    await this.log.close();
  }

  async #run<Value>(run: (tx: SqliteTransaction) => Promise<Value>): Promise<Committed<Value>> {
    const { now, newEpoch, after, transactionMs = defaultTransactionMs } = this.#options;
    const number = ++this.#lastTransaction;
    const tx = new SqliteTransaction({ order: (order) => this.log.writer.order(number, order), now, newEpoch });
    await tx.begin();
    const late = Promise.withResolvers<never>();
    const cancel = after(transactionMs, () => {
      const error = new NexiosError(
        "TRANSACTION_TIMEOUT",
        `A transaction ends within ${transactionMs} ms, since others wait for it: do what takes longer before it`,
      );
      tx.end(error);
      late.reject(error);
    });
    let value: Value;
    try {
      value = await Promise.race([run(tx), late.promise]);
    } catch (error) {
      await tx.rollBack();
      throw error;
    } finally {
      cancel();
    }
    return { value, changed: await tx.commit() };
  }

  /** Whether it was missing. */
  async #migrate({ number, name, sql }: Migration, set: string | undefined): Promise<boolean> {
    const hash = createHash("sha256").update(sql).digest("hex");
    const [table, of, at] =
      set === undefined ? ["nexios_migration", "number = ?", [number]] : ["nexios_set_migration", "number = ? and set_name = ?", [number, set]];
    const { value } = await this.#run(async (tx) => {
      const [known] = await tx.own(`select name, hash from ${table} where ${of}`, at);
      if (known === undefined) {
        await tx.script(sql);
        const [column, place] = set === undefined ? ["", ""] : [", set_name", ", ?"];
        const values = [number, name, hash, Math.floor(this.#options.now()), ...(set === undefined ? [] : [set])];
        await tx.own(`insert into ${table} (number, name, hash, at${column}) values (?, ?, ?, ?${place})`, values);
        return true;
      }
      if (known["hash"] === hash) return false;
      throw new NexiosError(
        "MIGRATION_CHANGED",
        `Migration ${number} (${String(known["name"])}) was made with another text: what is done is done, so add another one`,
      );
    });
    return value;
  }
}
