// The only file of the log that knows `node:sqlite`.
import { constants, DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import type { SqlResult, SqlValue } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import { whyNot } from "./application-guard.ts";
import { additions, migrationFrom, oldestVersion, schema, schemaVersion } from "./schema.ts";

/** When SQLite says that a commit is done: `full` when it is on the disk, `normal` when a crash of the process can't lose it, but a power cut may. */
export type Synchronous = "full" | "normal";

export type Row = Record<string, SQLOutputValue>;

const busyTimeoutMs = 5_000;
const corrupt = 11;
const notADatabase = 26;
const busy = 5;

/** A connection whose failures are told by our codes. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Those that are run for what they change: how many rows, and the last row's id, may be more than a number holds. */
  readonly #changing = new Map<string, StatementSync>();
  /** Why the statement that is being prepared may not be; only of an application's it is asked. */
  #refused: string | undefined;
  #isGuarded = false;

  constructor(file: string, options: { readonly readOnly?: boolean; readonly timeoutMs?: number } = {}) {
    this.#db = guarded(() => new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: options.timeoutMs ?? busyTimeoutMs }));
  }

  exec(sql: string): void {
    guarded(() => this.#db.exec(sql));
  }

  /** Refuses, of an application's statements, those that would end its transaction or change what is not its own. */
  guardApplication(): void {
    // Set once: SQLite prepares all statements anew whenever it is set.
    this.#db.setAuthorizer((action, first, second) => {
      if (!this.#isGuarded) return constants.SQLITE_OK;
      const why = whyNot(action, first, second);
      this.#refused ??= why;
      return why === undefined ? constants.SQLITE_OK : constants.SQLITE_DENY;
    });
  }

  /** Runs a statement of an application's. @throws Error with SQLite's own `code` and `errcode`; NexiosError INVALID_MESSAGE for one that is not an application's to run */
  query(sql: string, values: readonly SqlValue[]): SqlResult {
    return this.#guarded(() => {
      const statement = this.#db.prepare(sql);
      // SQLite would pass over what stands behind the first.
      if (!isBlank(sql.slice(sql.indexOf(statement.sourceSQL) + statement.sourceSQL.length)))
        throw new NexiosError("INVALID_MESSAGE", "A query is one statement");
      statement.setReadBigInts(true);
      if (statement.columns().length > 0) return { rows: statement.all(...values).map(toSqlRow), changes: 0 };
      const { changes, lastInsertRowid } = statement.run(...values);
      return { rows: [], changes: Number(changes), lastId: toNumber(lastInsertRowid) };
    });
  }

  /** Runs several statements of an application's. @throws as `query` */
  script(sql: string): void {
    this.#guarded(() => this.#db.exec(sql));
  }

  #guarded<Value>(run: () => Value): Value {
    this.#isGuarded = true;
    this.#refused = undefined;
    try {
      return run();
    } catch (error) {
      if (this.#refused === undefined) throw error;
      throw new NexiosError("INVALID_MESSAGE", this.#refused, { cause: error });
    } finally {
      this.#isGuarded = false;
    }
  }

  get isInTransaction(): boolean {
    return this.#db.isTransaction;
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return guarded(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return guarded(() => this.#statement(sql).all(...values));
  }

  /** Returns the number of changed rows. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return guarded(() => {
      const known = this.#changing.get(sql);
      const statement = known ?? this.#db.prepare(sql);
      if (known === undefined) {
        statement.setReadBigInts(true);
        this.#changing.set(sql, statement);
      }
      return Number(statement.run(...values).changes);
    });
  }

  /** What `run` reads is of one moment, whatever another connection writes meanwhile. */
  inSnapshot<Value>(run: () => Value): Value {
    this.run("begin");
    try {
      return run();
    } finally {
      // Some failures end it by themselves.
      if (this.#db.isTransaction) this.run("commit");
    }
  }

  /** Makes the schema in a new file, or brings one of an earlier form to this one. @throws NexiosError DAMAGED for a file of an older form, UNAVAILABLE for one of a newer. */
  prepare(synchronous: Synchronous): void {
    const version = Number(this.get("pragma user_version")?.["user_version"]);
    if (version > schemaVersion) throw new NexiosError("UNAVAILABLE", "The database was made by a newer version of Nexios: start that one");
    const isNew = version === 0 && this.get(ourTables) === undefined;
    if (!isNew && version < oldestVersion) {
      throw new NexiosError(
        "DAMAGED",
        "The database has an older form, which this version of Nexios does not read: start the version that made it, or move the file away",
      );
    }
    this.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous};`);
    if (version < schemaVersion) this.exec(`begin immediate; ${isNew ? schema : migrationFrom(version)} pragma user_version = ${schemaVersion}; commit;`);
    this.exec(additions);
  }

  /** Looks at a whole table and its indexes: a row that an index does not name could not be told from one that never was. @throws NexiosError DAMAGED */
  requireIntact(table: string): void {
    const rows = this.all(`pragma integrity_check("${table}")`);
    if (rows[0]?.["integrity_check"] === "ok") return;
    throw new NexiosError("DAMAGED", "The database file is damaged: restore it from a backup", { cause: rows });
  }

  close(): void {
    this.#db.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** Takes a lock that the system frees when this process dies. @throws NexiosError DATABASE_IN_USE */
export function lockFile(file: string): () => void {
  const lock = new Database(`${file}-lock`, { timeoutMs: 0 });
  try {
    // Kept for life: an exclusive transaction on a database of its own, so that readers of the other are not in its way.
    lock.exec("pragma journal_mode = delete; begin exclusive;");
  } catch (cause) {
    lock.close();
    throw new NexiosError(
      "DATABASE_IN_USE",
      `Another process has ${file} open: stop it, or give this one another folder (NEXIOS_DATA, or the option rooms.folder)`,
      { cause },
    );
  }
  return () => lock.close();
}

/** Whether a text has no statement: nothing but blanks, semicolons and comments. */
function isBlank(sql: string): boolean {
  let rest = sql;
  for (;;) {
    rest = rest.replace(/^[\s;]+/u, "");
    if (rest === "") return true;
    const mark = rest.startsWith("--") ? "\n" : rest.startsWith("/*") ? "*/" : undefined;
    if (mark === undefined) return false;
    const end = rest.indexOf(mark, 2);
    // One that is not closed goes to the end.
    if (end === -1) return true;
    rest = rest.slice(end + mark.length);
  }
}

function toSqlRow(row: Row): Readonly<Record<string, SqlValue>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === "bigint" ? toNumber(value) : value]));
}

/** A number where it holds it exactly. */
function toNumber(value: number | bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const ourTables = "select 1 from sqlite_schema where name in ('nexios_room', 'room')";

function guarded<Value>(run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    const { code, errcode } = cause as { readonly code?: unknown; readonly errcode?: unknown };
    const kind = Number(errcode) & 0xff;
    // Larger numbers than can be read are never written.
    if (kind === corrupt || kind === notADatabase || code === "ERR_OUT_OF_RANGE") {
      throw new NexiosError("DAMAGED", "The database file is damaged: restore it from a backup", { cause });
    }
    throw new NexiosError("UNAVAILABLE", kind === busy ? "The database is held by another" : "The database could not do it", { cause });
  }
}
