/** How long a store waits, and how many connections it takes. Each is an option. */
export interface PostgresSettings {
  /** Connections that write at once, 8 unless given, and those that read, 4. A server has 100 unless its `max_connections` says otherwise: they are for all processes. */
  readonly writers: number;
  readonly readers: number;
  /** How long one statement may take, in milliseconds: 5,000 unless given. Twice that without an answer, and the connection is given up. */
  readonly statementMs: number;
  /** How long a statement waits for a lock that another has: 2,000 unless given. The server ends a transaction with which nobody goes on for so long. */
  readonly lockMs: number;
  /** How long a connection is waited for, free or new: 5,000 unless given. */
  readonly connectMs: number;
}

export const defaultSettings: PostgresSettings = { writers: 8, readers: 4, statementMs: 5_000, lockMs: 2_000, connectMs: 5_000 };

/** For changes of tables: they take the time that they take. */
export const unhurried: PostgresSettings = { writers: 1, readers: 1, statementMs: 0, lockMs: 0, connectMs: defaultSettings.connectMs };
