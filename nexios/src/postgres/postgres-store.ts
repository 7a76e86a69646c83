import type { LogLimits } from "../log/log.ts";
import type { Committed, Migration, SqlResult, SqlValue, Store, StoreTransaction } from "../log/store.ts";
import { Turns } from "../log/turns.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { StoreTime } from "../world/store-time.ts";
import { whyNotAny } from "./application-guard.ts";
import { Connections } from "./connections.ts";
import { toFailure } from "./failures.ts";
import { migrateApplication, migrateStore } from "./migrate.ts";
import { numberParameters } from "./number-parameters.ts";
import { PostgresLog } from "./postgres-log.ts";
import { PostgresReadings } from "./postgres-readings.ts";
import { PostgresTransaction, requireOwn } from "./postgres-transaction.ts";
import { defaultSettings, type PostgresSettings, unhurried } from "./settings.ts";

export interface PostgresStoreOptions {
  /** As `DATABASE_URL` has it: `postgres://user:password@host/database`, with TLS by `?sslmode=verify-full`. */
  readonly url: string;
  readonly clock: Clock;
  readonly newEpoch: () => string;
  /** The store's time: the server's, as it is measured, unless given. */
  readonly now?: () => number;
  readonly limits?: Partial<LogLimits>;
  readonly settings?: Partial<PostgresSettings>;
  /** How long a transaction may take: others of this process wait for it. 1,000 unless given. */
  readonly transactionMs?: number;
}

const defaultTransactionMs = 1_000;

/**
 * Durable logs, how far subscriptions have come in them, and an application's own tables, in one PostgreSQL database, for several processes. Transactions of one process
 * come one after the other; those of several see each other as PostgreSQL's READ COMMITTED lets them.
 */
export class PostgresStore implements Store {
  readonly log: PostgresLog;
  readonly readings: PostgresReadings;
  readonly #options: PostgresStoreOptions;
  readonly #connections: Connections;
  readonly #time: StoreTime | undefined;
  readonly #now: () => number;
  readonly #turns = new Turns();

  private constructor(options: PostgresStoreOptions, connections: Connections, time: StoreTime | undefined) {
    this.#options = options;
    this.#connections = connections;
    this.#time = time;
    const now = options.now ?? (() => time?.now() ?? 0);
    this.#now = now;
    const { newEpoch, limits } = options;
    const timeBoundMs = (): number => time?.boundMs() ?? 0;
    this.log = new PostgresLog(connections, { now, timeBoundMs, newEpoch, ...(limits !== undefined && { limits }) });
    this.readings = new PostgresReadings(connections, now);
  }

  /** Brings the store's own tables to their newest form first. @throws NexiosError UNAVAILABLE */
  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    const { url, clock, settings } = options;
    const connections = new Connections({ ...defaultSettings, ...settings, url, clock });
    try {
      await withoutHurry(options, (slow) => migrateStore(slow, options.now?.() ?? clock.now()));
      const time = options.now === undefined ? await StoreTime.measure({ clock, name: "PostgreSQL", ask: (begin) => askTime(connections, begin) }) : undefined;
      return new PostgresStore(options, connections, time);
    } catch (error) {
      await connections.close();
      throw toFailure(error);
    }
  }

  transaction<Value>(run: (tx: StoreTransaction) => Promise<Value>): Promise<Committed<Value>> {
    return this.#turns.run("", () => this.#run(run));
  }

  async query(sql: string, values: readonly SqlValue[] = []): Promise<SqlResult> {
    requireOwn(sql);
    return this.#connections.snapshot((connection) => connection.statement(numberParameters(sql, values.length), values));
  }

  async migrate(migrations: readonly Migration[], name?: string): Promise<readonly Migration[]> {
    for (const [index, { number, sql }] of migrations.entries()) {
      if (number !== index + 1) throw new TypeError(`Migration ${index + 1} has the number ${number}`);
      const why = whyNotAny(sql);
      if (why !== undefined) throw new NexiosError("INVALID_MESSAGE", `Migration ${number}: ${why}`);
    }
    return withoutHurry(this.#options, (slow) => migrateApplication(slow, { name, migrations }, this.#now()));
  }

  async close(): Promise<void> {
    await this.#turns.settled();
    await this.log.close();
    this.#time?.close();
    await this.#connections.close();
  }

  #run<Value>(run: (tx: StoreTransaction) => Promise<Value>): Promise<Committed<Value>> {
    const { clock, transactionMs = defaultTransactionMs } = this.#options;
    return this.#connections.transaction(
      async (connection) => {
        const tx = new PostgresTransaction(connection, this.log.rules);
        const late = Promise.withResolvers<never>();
        const cancel = clock.after(transactionMs, () => {
          const error = new NexiosError(
            "TRANSACTION_TIMEOUT",
            `A transaction ends within ${transactionMs} ms, since others wait for it: do what takes longer before it`,
          );
          tx.end(error);
          late.reject(error);
        });
        try {
          const value = await Promise.race([run(tx), late.promise]);
          const { changed, sent, isThere } = await tx.finish();
          return { value: { value, changed }, commit: true, sent, ...(isThere !== undefined && { isThere }) };
        } finally {
          cancel();
          tx.end();
        }
      },
      { statementMs: transactionMs },
    );
  }
}

/** For the time of a change of tables. */
async function withoutHurry<Value>(
  { url, clock }: Pick<PostgresStoreOptions, "url" | "clock">,
  run: (connections: Connections) => Promise<Value>,
): Promise<Value> {
  const connections = new Connections({ ...unhurried, url, clock });
  try {
    return await run(connections);
  } finally {
    await connections.close();
  }
}

async function askTime(connections: Connections, begin: () => void): Promise<number> {
  const row = await connections.read((connection) => {
    // The wait for a connection is no part of the trip.
    begin();
    return connection.get("select extract(epoch from clock_timestamp()) * 1000 as time");
  });
  return Number(row?.["time"]);
}
