import { type AppTransaction, runAppTransaction, type TransactionSurroundings } from "../events/app-transaction.ts";
import type { Migration, SqlResult, SqlValue, Store } from "../log/store.ts";
import type { TransactionScope } from "./transaction-scope.ts";

/** Gives the store to a function while it is open, and hears of logs that it has appended to. */
export interface StoreUse {
  <Value>(use: (store: Store) => Promise<Value>): Promise<Value>;
}

/** What an app's store tells the app. */
export interface AppStoreServices extends Pick<TransactionSurroundings, "onEmit"> {
  readonly scope: TransactionScope;
  /** A transaction has appended to logs. */
  readonly onCommitted: (logs: readonly string[]) => void;
}

/** The database of an app: its own tables, beside what its rooms and events keep there. */
export class AppStore {
  readonly #use: StoreUse;
  readonly #services: AppStoreServices;
  #migrations: readonly Migration[] = [];

  constructor(use: StoreUse, services: AppStoreServices) {
    this.#use = use;
    this.#services = services;
  }

  /** What brings the app's tables to their newest form: made at the start, in order, each once. */
  get migrations(): readonly Migration[] {
    return this.#migrations;
  }

  /** Says what brings the app's tables to their newest form; numbers from 1 without a hole. @throws TypeError for other numbers, and when it is said twice */
  migrate(migrations: readonly Migration[]): void {
    if (this.#migrations.length > 0) throw new TypeError("The migrations of an app are said once, all of them");
    for (const [index, { number }] of migrations.entries()) if (number !== index + 1) throw new TypeError(`Migration ${index + 1} has the number ${number}`);
    this.#migrations = migrations;
  }

  /**
   * Runs statements, and emits durable events, as one transaction: all of it is written, or nothing. It ends with the function, within a second, since others wait for it.
   * @throws what `run` throws; Error with the database's own `code`; NexiosError TRANSACTION_TIMEOUT, CALL_IN_TRANSACTION for one inside another, LIMIT, INVALID_MESSAGE, UNAVAILABLE
   */
  async transaction<Value>(run: (tx: AppTransaction) => Promise<Value>): Promise<Value> {
    const { scope, onEmit, onCommitted } = this.#services;
    scope.requireNone();
    return this.#use(async (store) => {
      const surroundings = { now: () => store.log.now(), inTransaction: scope.run.bind(scope), onEmit };
      const { value, changed } = await store.transaction((tx) => runAppTransaction(tx, run, surroundings));
      onCommitted(changed.map(({ room }) => room));
      return value;
    });
  }

  /** The time that rooms, events and their wakes go by, in milliseconds since 1970: it does not follow a wall clock that is set, and never goes back while a process is its own store. @throws NexiosError UNAVAILABLE */
  now(): Promise<number> {
    return this.#use((store) => Promise.resolve(store.log.now()));
  }

  /** Runs a statement that reads, on what is committed. @throws Error with the database's own `code`; NexiosError UNAVAILABLE */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult> {
    return this.#use((store) => store.query(sql, values));
  }
}
