import { keptBytesOf } from "../log/kept-bytes.ts";
import type { Changed, LogLimits, Millis } from "../log/log.ts";
import { seal } from "../log/seal.ts";
import { requireStorable } from "../log/storable.ts";
import { NexiosError } from "../protocol/failure.ts";
import { apply } from "./apply.ts";
import type { Database } from "./database.ts";
import type { Appends, TransactionReply, TransactionRequest } from "./write.ts";
import { emptyRoom } from "../log/rows/room-row.ts";
import { readRoom } from "./write-room.ts";

type Came = TransactionReply["came"];
type Order = TransactionRequest["order"];

/** An application's transaction, on the writer's thread: between its begin and its end nothing else is written. */
export class WriterTransaction {
  readonly #db: Database;
  readonly #limits: LogLimits;

  constructor(db: Database, limits: LogLimits) {
    this.#db = db;
    this.#limits = limits;
  }

  /** What an order comes to. A statement that fails leaves the transaction as it was before it, unless it can't go on. */
  take(order: Order): Came {
    try {
      return this.#take(order);
    } catch (error) {
      if (order.kind !== "query") this.#rollBack();
      return toFailure(error);
    }
  }

  #take(order: Order): Came {
    switch (order.kind) {
      case "begin":
        this.#db.run("begin immediate");
        return { kind: "done" };
      case "query":
        this.#requireOpen();
        return { kind: "done", result: this.#db.query(order.sql, order.values) };
      case "own":
        this.#requireOpen();
        return { kind: "done", result: { rows: this.#db.all(order.sql, ...order.values), changes: 0 } };
      case "script":
        this.#requireOpen();
        this.#db.script(order.sql);
        this.#requireOpen();
        return { kind: "done" };
      case "commit": {
        this.#requireOpen();
        const changed = order.appends.map((appends) => this.#append(appends, order.now));
        for (const step of order.steps) {
          if (apply(this.#db, step, this.#limits).kind !== "stepped")
            throw new NexiosError("LEASE_LOST", `Another works on ${step.log} for ${step.subscription}`);
        }
        this.#db.run("commit");
        return { kind: "done", changed };
      }
      case "rollback":
        this.#rollBack();
        return { kind: "done" };
    }
  }

  #append({ log, epoch, entries }: Appends, now: Millis): Changed {
    const known = readRoom(this.#db, log);
    const before = known ?? emptyRoom(log, epoch);
    const { head: from } = before;
    const batch = { entries, outcomes: [], erase: [], version: from.version, wakeAt: from.wakeAt, callsSince: from.callsSince };
    requireStorable(log, batch);
    const sealed = seal(from, batch);
    const row = { ...before, head: sealed.head, changedAt: now, entries: before.entries + entries.length, bytes: before.bytes + keptBytesOf(sealed.entries) };
    if (row.entries > this.#limits.roomEntries || row.bytes > this.#limits.roomBytes) throw new NexiosError("LIMIT", `The log ${log} is full`);
    const write = { kind: "batch", row, isNew: known === undefined, entries: sealed.entries, run: undefined, outcomes: [], erase: [] } as const;
    if (apply(this.#db, write, this.#limits).kind !== "written") throw new NexiosError("CONFLICT", `Another has written to ${log}`);
    return { room: log, head: sealed.head };
  }

  #requireOpen(): void {
    if (!this.#db.isInTransaction) throw new NexiosError("UNAVAILABLE", "The database has ended the transaction by itself");
  }

  #rollBack(): void {
    if (this.#db.isInTransaction) this.#db.exec("rollback");
  }
}

function toFailure(error: unknown): Came {
  if (error instanceof NexiosError) return { kind: "failed", code: error.code, message: error.message };
  const { message, code, errcode } = error as { readonly message?: unknown; readonly code?: unknown; readonly errcode?: unknown };
  return {
    kind: "refused",
    code: typeof code === "string" ? code : "ERR_SQLITE_ERROR",
    errcode: typeof errcode === "number" ? errcode : undefined,
    message: typeof message === "string" ? message : "The statement failed",
  };
}
