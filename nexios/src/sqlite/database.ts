// The only file of the log that knows `node:sqlite`.
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { NexiosError } from "../protocol/failure.ts";
import { migrations } from "./schema.ts";

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

  constructor(file: string, options: { readonly readOnly?: boolean; readonly timeoutMs?: number } = {}) {
    this.#db = guarded(() => new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: options.timeoutMs ?? busyTimeoutMs }));
  }

  exec(sql: string): void {
    guarded(() => this.#db.exec(sql));
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return guarded(() => this.#statement(sql).get(...values));
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return guarded(() => this.#statement(sql).all(...values));
  }

  /** Returns the number of changed rows. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return guarded(() => Number(this.#statement(sql).run(...values).changes));
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

  /** Makes what is missing of the schema. */
  migrate(synchronous: Synchronous): void {
    this.exec(`pragma journal_mode = wal; pragma synchronous = ${synchronous}; pragma foreign_keys = on;`);
    const version = Number(this.get("pragma user_version")?.["user_version"]);
    if (version > migrations.length) throw new NexiosError("UNAVAILABLE", "The database was made by a newer version of Nexios: start that one");
    for (const [index, sql] of migrations.entries()) {
      if (index >= version) this.exec(`begin immediate; ${sql} pragma user_version = ${index + 1}; commit;`);
    }
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
    throw new NexiosError("DATABASE_IN_USE", `Another process has ${file} open: stop it, or set NEXIOS_DATA to another folder`, { cause });
  }
  return () => lock.close();
}

function guarded<Value>(run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    const code = cause instanceof Error && "errcode" in cause ? Number(cause.errcode) & 0xff : undefined;
    if (code === undefined) throw cause;
    if (code === corrupt || code === notADatabase) throw new NexiosError("DAMAGED", "The database file is damaged: restore it from a backup", { cause });
    throw new NexiosError("UNAVAILABLE", code === busy ? "The database is held by another" : "The database could not do it", { cause });
  }
}
