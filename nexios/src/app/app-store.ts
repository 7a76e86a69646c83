import { type AppTransaction, runAppTransaction, type TransactionSurroundings } from "../events/app-transaction.ts";
import type { Migration, MigrationSet, SqlResult, SqlValue, Store } from "../log/store.ts";
import type { TransactionScope } from "./transaction-scope.ts";

/** Gives the store to a function while it is open, and hears of logs that it has appended to. */
export interface StoreUse {
  <Value>(use: (store: Store) => Promise<Value>): Promise<Value>;
}

/** What an app's store tells the app. */
export interface AppStoreServices {
  readonly scope: TransactionScope;
  readonly rooms: {
    /** Other processes may have the store too. */
    readonly isStoreShared: boolean;
    /** A transaction emits it. */
    know(...event: Parameters<TransactionSurroundings["onEmit"]>): void;
    /** A transaction has appended to logs. */
    hint(logs: readonly string[]): void;
  };
}

/** Those of a set, or, without a name, the app's own. */
export interface NamedMigrations extends Omit<MigrationSet, "name"> {
  readonly name: string | undefined;
}

const setName = /^[a-z0-9-]{1,64}$/;

/** The database of an app: its own tables, beside what its rooms and events keep there. */
export class AppStore {
  readonly #use: StoreUse;
  readonly #services: AppStoreServices;
  readonly #migrations: NamedMigrations[] = [];

  constructor(use: StoreUse, services: AppStoreServices) {
    this.#use = use;
    this.#services = services;
  }

  /** What brings the app's tables to their newest form, made at the start; those without a name are the app's own. */
  get migrations(): readonly NamedMigrations[] {
    return this.#migrations;
  }

  /** True where other processes may have the same store: PostgreSQL. That of SQLite belongs to this one. */
  get isShared(): boolean {
    return this.#services.rooms.isStoreShared;
  }

  /**
   * Says what brings the app's tables, or those of a part that it takes in, to their newest form: made at the start, in order, each once. Numbers from 1 without a hole.
   * @throws TypeError for other numbers, for a set's name that is none, and when the same is said twice
   */
  migrate(migrations: readonly Migration[] | MigrationSet): void {
    const said: NamedMigrations = "migrations" in migrations ? migrations : { name: undefined, migrations };
    const { name } = said;
    if (name !== undefined && !setName.test(name))
      throw new TypeError(`"${name}" is no name of a set of migrations: up to 64 lower case letters, digits and -`);
    if (this.#migrations.some((set) => set.name === name))
      throw new TypeError(
        name === undefined ? "The migrations of an app are said once, all of them" : `The migrations of the set ${name} are said once, all of them`,
      );
    for (const [index, { number }] of said.migrations.entries())
      if (number !== index + 1) throw new TypeError(`Migration ${index + 1} has the number ${number}`);
    if (said.migrations.length > 0) this.#migrations.push(said);
  }

  /**
   * Runs statements, and emits durable events, as one transaction: all of it is written, or nothing. It ends with the function, within a second, since others wait for it.
   * @throws what `run` throws; Error with the database's own `code`; NexiosError TRANSACTION_TIMEOUT, CALL_IN_TRANSACTION for one inside another, LIMIT, INVALID_MESSAGE, UNAVAILABLE
   */
  async transaction<Value>(run: (tx: AppTransaction) => Promise<Value>): Promise<Value> {
    const { scope, rooms } = this.#services;
    scope.requireNone();
    return this.#use(async (store) => {
      const surroundings = { now: () => store.log.now(), inTransaction: scope.run.bind(scope), onEmit: rooms.know.bind(rooms) };
      const { value, changed } = await store.transaction((tx) => runAppTransaction(tx, run, surroundings));
      rooms.hint(changed.map(({ room }) => room));
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
