import type { Changed, NewEntry } from "../log/log.ts";
import type { ReadingStep } from "../log/reading.ts";
import type { SqlResult, SqlValue, StoreTransaction } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ReadingWrite, TransactionReply, TransactionRequest } from "./write.ts";

type Order = TransactionRequest["order"];

/** What a transaction needs of its store. */
export interface TransactionServices {
  readonly order: (order: Order) => Promise<TransactionReply["came"]>;
  readonly now: () => number;
  readonly newEpoch: () => string;
}

/** An application's transaction, as its function has it. */
export class SqliteTransaction implements StoreTransaction {
  readonly #services: TransactionServices;
  readonly #appends = new Map<string, NewEntry[]>();
  readonly #steps: ReadingWrite[] = [];
  #ended: NexiosError | undefined;

  constructor(services: TransactionServices) {
    this.#services = services;
  }

  async query(sql: string, values: readonly SqlValue[] = []): Promise<SqlResult> {
    this.#requireOpen();
    return (await this.#order({ kind: "query", sql, values })).result ?? { rows: [], changes: 0 };
  }

  /** Runs a statement of the store's own, of its own tables. */
  async own(sql: string, values: readonly (string | number)[]): Promise<SqlResult["rows"]> {
    this.#requireOpen();
    return (await this.#order({ kind: "own", sql, values })).result?.rows ?? [];
  }

  /** Runs several statements. */
  async script(sql: string): Promise<void> {
    this.#requireOpen();
    await this.#order({ kind: "script", sql });
  }

  append(log: string, entry: NewEntry): void {
    this.#requireOpen();
    const entries = this.#appends.get(log) ?? [];
    this.#appends.set(log, [...entries, entry]);
  }

  step(subscription: string, log: string, step: ReadingStep): void {
    this.#requireOpen();
    this.#steps.push({ kind: "reading", subscription, log, step });
  }

  async begin(): Promise<void> {
    await this.#order({ kind: "begin" });
  }

  /** Writes all of it. @throws NexiosError, or Error with SQLite's own code: then nothing was written */
  async commit(): Promise<readonly Changed[]> {
    this.#requireOpen();
    this.end(overMessage);
    const { now, newEpoch } = this.#services;
    const appends = [...this.#appends].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([log, entries]) => ({ log, epoch: newEpoch(), entries }));
    return (await this.#order({ kind: "commit", now: now(), appends, steps: this.#steps })).changed ?? [];
  }

  async rollBack(): Promise<void> {
    this.end(overMessage);
    await this.#order({ kind: "rollback" });
  }

  /** What comes later is refused. */
  end(error: NexiosError): void {
    this.#ended ??= error;
  }

  #requireOpen(): void {
    if (this.#ended !== undefined) throw this.#ended;
  }

  async #order(order: Order): Promise<Extract<TransactionReply["came"], { readonly kind: "done" }>> {
    const came = await this.#services.order(order);
    if (came.kind === "done") return came;
    throw toError(came);
  }
}

const overMessage = new NexiosError("CANCELLED", "The transaction is over: await what it does inside its function");

/** The database's own as `node:sqlite` throws them. */
function toError(came: Exclude<TransactionReply["came"], { readonly kind: "done" }>): Error {
  if (came.kind === "failed") return new NexiosError(came.code, came.message);
  const { code, errcode, message } = came;
  return Object.assign(new Error(message), { code, errcode });
}
