import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { Connection } from "./connection.ts";
import { isInTheWay, toConnectFailure } from "./failures.ts";
import { createPool, type DriverOptions, type Pool, type PoolClient } from "./driver.ts";

export interface ConnectionsOptions extends DriverOptions {
  readonly clock: Pick<Clock, "after">;
  /** Connections that write at once, and those that read. */
  readonly writers: number;
  readonly readers: number;
}

/** What the function of a transaction comes to. */
export interface Outcome<Value> {
  readonly value: Value;
  /** `true`: it is committed; otherwise nothing of it is done. */
  readonly commit: boolean;
  /** Statements that were sent and need not be waited for before the commit is. */
  readonly sent?: readonly Promise<unknown>[];
  /** Whether what was written stands there, seen by another connection: asked when the answer to the commit was lost. Without it, and for `undefined`, nobody knows then. */
  readonly isThere?: (connection: Connection) => Promise<boolean | undefined>;
}

export interface TransactionOptions {
  /** So often is it begun when others are in its way, or the connection is lost before it is committed: 1 unless given. */
  readonly tries?: number;
  /** How long a statement of it may take, if not as long as others. */
  readonly statementMs?: number;
}

const askStatus = "select pg_xact_status($1::text::xid8) as status";
/** After so many milliseconds it is asked again what became of a commit that had no answer. */
const askAfterMs = [0, 100, 200, 400, 800, 1_600];

/** The connections of a store: those that write and those that read apart, so that readers wait for no writer. */
export class Connections {
  readonly #clock: Pick<Clock, "after">;
  readonly #writers: Pool;
  readonly #readers: Pool;
  readonly #names = new Map<string, string>();

  constructor({ clock, writers, readers, ...options }: ConnectionsOptions) {
    this.#clock = clock;
    this.#writers = createPool(options, writers);
    this.#readers = createPool(options, readers);
  }

  /** Reads by one statement. @throws NexiosError UNAVAILABLE; DatabaseError */
  read<Value>(run: (connection: Connection) => Promise<Value>): Promise<Value> {
    return this.#use(this.#readers, run);
  }

  /** Reads what is committed at one moment, whatever others write meanwhile. @throws as `read` */
  snapshot<Value>(run: (connection: Connection) => Promise<Value>): Promise<Value> {
    return this.#inTransaction(this.#readers, "begin isolation level repeatable read read only", async (connection) => ({
      value: await run(connection),
      commit: true,
    }));
  }

  /**
   * Runs a transaction, in which each statement sees what is committed when it begins. If the answer to the commit is lost, the server is asked what became of it.
   * @throws what `run` throws, and nothing was done; NexiosError UNAVAILABLE, DatabaseError
   */
  async transaction<Value>(run: (connection: Connection) => Promise<Outcome<Value>>, { tries = 1, statementMs }: TransactionOptions = {}): Promise<Value> {
    const begin = statementMs === undefined ? "begin" : `begin; set local statement_timeout = ${statementMs}`;
    for (let left = tries; ; left--) {
      const seen: { connection?: Connection; committing?: Outcome<Value> } = {};
      try {
        return await this.#inTransaction(this.#writers, begin, async (connection) => {
          seen.connection = connection;
          const outcome = await run(connection);
          if (outcome.commit) seen.committing = outcome;
          return outcome;
        });
      } catch (error) {
        const { connection, committing } = seen;
        if (connection?.isLost === true && committing !== undefined) {
          if (connection.transaction === undefined || committing.isThere === undefined) throw error;
          if (await this.#isCommitted(connection.transaction, committing.isThere)) return committing.value;
        }
        // Nothing was done.
        if (left <= 1 || !(connection?.isLost === true || isInTheWay(error))) throw error;
      }
    }
  }

  /** Waits until all connections are given back, and closes them. */
  async close(): Promise<void> {
    await Promise.all([this.#writers.end(), this.#readers.end()]);
  }

  async #inTransaction<Value>(pool: Pool, begin: string, run: (connection: Connection) => Promise<Outcome<Value>>): Promise<Value> {
    return this.#use(pool, async (connection) => {
      const begun = connection.command(begin);
      // Whatever is wrong with it is wrong with the first statement too.
      begun.catch(() => undefined);
      try {
        const { value, commit, sent = [] } = await run(connection);
        const [ended] = await Promise.all([connection.command(commit ? "commit" : "rollback"), ...sent]);
        if (commit && ended !== "COMMIT") throw new NexiosError("UNAVAILABLE", "PostgreSQL has ended the transaction by itself");
        return value;
      } catch (error) {
        if (!connection.isLost) await connection.command("rollback").catch(() => undefined);
        throw error;
      }
    });
  }

  async #use<Value>(pool: Pool, run: (connection: Connection) => Promise<Value>): Promise<Value> {
    const client = await takeFrom(pool);
    const connection = new Connection(client, this.#names);
    try {
      return await run(connection);
    } finally {
      client.release(connection.isLost);
    }
  }

  /** Whether a transaction was committed whose connection is lost. @throws NexiosError UNAVAILABLE when nobody knows */
  async #isCommitted(transaction: string, isThere: (connection: Connection) => Promise<boolean | undefined>): Promise<boolean> {
    let why: unknown;
    for (const waitMs of askAfterMs) {
      await new Promise<void>((resolve) => void this.#clock.after(waitMs, resolve));
      try {
        const status = await this.read(async (connection) => (await connection.get(askStatus, transaction))?.["status"]);
        if (status === "aborted") return false;
        // After a crash another transaction may have got the number of one of which nothing was stored.
        const found = status === "committed" ? await this.snapshot(isThere) : undefined;
        if (found !== undefined) return found;
      } catch (error) {
        why = error;
      }
    }
    throw new NexiosError("UNAVAILABLE", "PostgreSQL can't be reached, or has trimmed it, and nobody knows what became of a commit", { cause: why });
  }
}

async function takeFrom(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (cause) {
    throw toConnectFailure(cause);
  }
}
