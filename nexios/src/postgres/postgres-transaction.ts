import type { Changed, NewEntry } from "../log/log.ts";
import type { ReadingStep } from "../log/reading.ts";
import type { SqlResult, SqlValue, StoreTransaction } from "../log/store.ts";
import { Turns } from "../log/turns.ts";
import { NexiosError } from "../protocol/failure.ts";
import { type AppendRules, write } from "./append-room.ts";
import { whyNot } from "./application-guard.ts";
import type { Connection } from "./connection.ts";
import type { Outcome } from "./connections.ts";
import { toFailure } from "./failures.ts";
import { numberParameters } from "./number-parameters.ts";
import { lockOrMakeRoom } from "./room-rows.ts";
import { stepReadingRow } from "./step-reading.ts";

interface Step {
  readonly subscription: string;
  readonly log: string;
  readonly step: ReadingStep;
}

/** What the end of a transaction has appended, and what was sent for it. */
interface Finished {
  readonly changed: readonly Changed[];
  readonly sent: readonly Promise<unknown>[];
  /** How it is found; only of one that has appended. */
  readonly isThere: Outcome<unknown>["isThere"];
}

/** An application's transaction, as its function has it. */
export class PostgresTransaction implements StoreTransaction {
  readonly #db: Connection;
  readonly #rules: AppendRules;
  readonly #appends = new Map<string, NewEntry[]>();
  readonly #steps: Step[] = [];
  readonly #turns = new Turns();
  #ended: NexiosError | undefined;

  constructor(db: Connection, rules: AppendRules) {
    this.#db = db;
    this.#rules = rules;
  }

  /** One after the other, since one that fails must not take others along. */
  query(sql: string, values: readonly SqlValue[] = []): Promise<SqlResult> {
    return this.#turns.run("", async () => {
      this.#requireOpen();
      requireOwn(sql);
      return this.#savepoint(() => this.#db.statement(numberParameters(sql, values.length), values));
    });
  }

  append(log: string, entry: NewEntry): void {
    this.#requireOpen();
    const entries = this.#appends.get(log) ?? [];
    this.#appends.set(log, [...entries, entry]);
  }

  step(subscription: string, log: string, step: ReadingStep): void {
    this.#requireOpen();
    this.#steps.push({ subscription, log, step });
  }

  /** What comes later is refused. */
  end(error: NexiosError = overMessage): void {
    this.#ended ??= error;
  }

  /** Appends, by the names of their logs, so that no two transactions wait for each other, and does the steps. @throws NexiosError LIMIT, INVALID_MESSAGE, LEASE_LOST, CONFLICT */
  async finish(): Promise<Finished> {
    this.#requireOpen();
    this.end();
    await this.#turns.settled();
    const changed: Changed[] = [];
    const sent: Promise<unknown>[] = [];
    let isThere: Outcome<unknown>["isThere"];
    try {
      for (const [log, entries] of [...this.#appends].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        const row = await lockOrMakeRoom(this.#db, log, this.#rules.newEpoch);
        const { version, wakeAt, callsSince } = row.head;
        const written = await write(this.#db, row, { entries, outcomes: [], erase: [], version, wakeAt, callsSince }, new Set(), this.#rules);
        changed.push({ room: log, head: written.value.head });
        sent.push(...(written.sent ?? []));
        isThere = written.isThere;
      }
      for (const { subscription, log, step } of this.#steps) {
        const reading = await stepReadingRow(this.#db, subscription, log, step);
        if (reading === undefined) throw new NexiosError("LEASE_LOST", `Another works on ${log} for ${subscription}`);
      }
    } catch (error) {
      throw toFailure(error);
    }
    return { changed, sent: sent.map(told), isThere };
  }

  #requireOpen(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  async #savepoint<Value>(run: () => Promise<Value>): Promise<Value> {
    this.#db.command("savepoint nexios").catch(() => undefined);
    try {
      const [value] = await Promise.all([run(), this.#db.command("release savepoint nexios")]);
      return value;
    } catch (error) {
      if (!this.#db.isLost) await this.#db.command("rollback to savepoint nexios; release savepoint nexios");
      throw error;
    }
  }
}

const overMessage = new NexiosError("CANCELLED", "The transaction is over: await what it does inside its function");

/** @throws NexiosError INVALID_MESSAGE for a statement that is not an application's to run */
export function requireOwn(sql: string): void {
  const why = whyNot(sql);
  if (why !== undefined) throw new NexiosError("INVALID_MESSAGE", why);
}

async function told(sent: Promise<unknown>): Promise<void> {
  try {
    await sent;
  } catch (error) {
    throw toFailure(error);
  }
}
