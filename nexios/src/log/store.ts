import type { Changed, Log, NewEntry } from "./log.ts";
import type { ReadingStep } from "./reading.ts";
import type { Readings } from "./readings.ts";

/** What SQL takes and gives. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** What a statement came to. */
export interface SqlResult {
  readonly rows: readonly Readonly<Record<string, SqlValue>>[];
  /** Rows that it has changed. */
  readonly changes: number;
  /** Of the last row that it has put into a table without a key of its own. */
  readonly lastId?: number | bigint;
}

/** An application's statements, and what is appended with them: all of it is written at once, or nothing. */
export interface StoreTransaction {
  /** Runs one statement. @throws Error with the database's own `code`: the transaction goes on; NexiosError UNAVAILABLE, TRANSACTION_TIMEOUT */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult>;
  /** Appends to a log when the transaction ends, with those of other logs in the order of their names. No room's. */
  append(log: string, entry: NewEntry): void;
  /** Does a step of a reading with it; if it may not be done, nothing of the transaction is. */
  step(subscription: string, log: string, step: ReadingStep): void;
}

/** What a transaction came to. */
export interface Committed<Value> {
  readonly value: Value;
  /** Logs to which it has appended. */
  readonly changed: readonly Changed[];
}

/** A change of an application's tables. */
export interface Migration {
  /** From 1, without a hole. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** Changes of tables that belong together, with numbers of their own: those of a part of an application that others take in. */
export interface MigrationSet {
  /** Lower case letters, digits and `-`; of no other set of the application. */
  readonly name: string;
  readonly migrations: readonly Migration[];
}

/** The database that holds durable logs, how far subscriptions have come in them, and an application's own data. */
export interface Store {
  readonly log: Log;
  readonly readings: Readings;
  /**
   * Runs an application's statements as one transaction, which ends with the function, and within a second. Others wait meanwhile.
   * @throws what `run` throws, and nothing was written; NexiosError TRANSACTION_TIMEOUT, LEASE_LOST, LIMIT, INVALID_MESSAGE, where nothing was written either; UNAVAILABLE
   */
  transaction<Value>(run: (tx: StoreTransaction) => Promise<Value>): Promise<Committed<Value>>;
  /** Runs a statement that only reads, on what is committed. @throws Error with the database's own `code`; NexiosError UNAVAILABLE */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult>;
  /**
   * Brings an application's tables to the last of these, in order, each once; those of a named set have numbers of their own. Returns those that it has made.
   * @throws NexiosError MIGRATION_CHANGED; Error with the database's own `code`
   */
  migrate(migrations: readonly Migration[], set?: string): Promise<readonly Migration[]>;
  close(): Promise<void>;
}
