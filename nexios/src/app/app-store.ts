import { AsyncLocalStorage } from "node:async_hooks";
import { type AppTransaction, runAppTransaction } from "../events/app-transaction.ts";
import type { Migration, SqlResult, SqlValue, Store } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";

/** Gives the store to a function while it is open, and hears of logs that it has appended to. */
export interface StoreUse {
  <Value>(use: (store: Store) => Promise<Value>): Promise<Value>;
}

/** The database of an app: its own tables, beside what its rooms and events keep there. */
export class AppStore {
  readonly #use: StoreUse;
  readonly #onCommitted: (logs: readonly string[]) => void;
  readonly #inTransaction = new AsyncLocalStorage<true>();
  #migrations: readonly Migration[] = [];

  constructor(use: StoreUse, onCommitted: (logs: readonly string[]) => void) {
    this.#use = use;
    this.#onCommitted = onCommitted;
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
    this.requireNoTransaction();
    return this.#use(async (store) => {
      const { value, changed } = await store.transaction((tx) =>
        runAppTransaction(
          tx,
          () => store.log.now(),
          (own) => this.#inTransaction.run(true, () => run(own)),
        ),
      );
      this.#onCommitted(changed.map(({ room }) => room));
      return value;
    });
  }

  /** Runs a statement that reads, on what is committed. @throws Error with the database's own `code`; NexiosError UNAVAILABLE */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult> {
    return this.#use((store) => store.query(sql, values));
  }

  /** What waits for the transaction would wait for ever. @throws NexiosError CALL_IN_TRANSACTION inside of one */
  requireNoTransaction(): void {
    if (this.#inTransaction.getStore() === true) {
      throw new NexiosError(
        "CALL_IN_TRANSACTION",
        "This would wait for the transaction that it is part of: do it before or after, or emit an event for a subscription that does it",
      );
    }
  }
}
