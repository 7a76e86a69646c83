// The only file that knows `pg`.
import { Client, DatabaseError, Pool } from "pg";
import { toSqlValue } from "./sql-values.ts";

export type { Client, Pool, PoolClient } from "pg";

/** How connections are made, and how long they wait. */
export interface DriverOptions {
  /** As `DATABASE_URL` has it: `postgres://user:password@host/database`, with TLS by `?sslmode=verify-full`. */
  readonly url: string;
  /** How long a statement may take; with `lockMs` for a lock that another has. A transaction that nobody goes on with is ended by the server after `lockMs`. */
  readonly statementMs: number;
  readonly lockMs: number;
  /** How long a connection is waited for, free or new. */
  readonly connectMs: number;
}

/** As many connections as are needed, up to `size`. Their statements are sent without waiting for one another's answers. */
export function createPool(options: DriverOptions, size: number): Pool {
  const pool = new Pool({ ...toConfig(options), max: size, idleTimeoutMillis: 30_000 });
  // What was lost is found by whoever uses it, and replaced.
  pool.on("error", ignore);
  pool.on("connect", (client) => void client.on("error", ignore));
  return pool;
}

/** One connection of its own, which may be idle for ever. */
export function createClient(options: DriverOptions): Client {
  const client = new Client(toConfig(options));
  client.on("error", ignore);
  return client;
}

/** The server's own code for what it refused, five letters of SQLSTATE; `undefined`: it has not said so, and nobody knows what it has done. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof DatabaseError) || error.code === undefined) return undefined;
  // It ends the connection: what was under way may have happened.
  return /^(08|57P|25P03|25P04)/u.test(error.code) ? undefined : error.code;
}

function toConfig({ url, statementMs, lockMs, connectMs }: DriverOptions) {
  return {
    connectionString: url,
    application_name: "nexios",
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    lock_timeout: lockMs,
    idle_in_transaction_session_timeout: lockMs,
    // A server that says nothing more is given up.
    query_timeout: 2 * statementMs,
    types: { getTypeParser: (oid: number) => toSqlValue(oid) },
  };
}

function ignore(): void {
  // Told by the statement that meets it.
}
