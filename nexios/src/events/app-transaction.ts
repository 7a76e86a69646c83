import type { Millis } from "../log/log.ts";
import type { SqlResult, SqlValue, StoreTransaction } from "../log/store.ts";
import { type DurableEvent, toEmitted } from "./define-event.ts";

/** An application's transaction: its own statements and the events that tell of them, written at once or not at all. */
export interface AppTransaction {
  /** Runs one statement. @throws Error with the database's own `code`, and the transaction goes on; NexiosError TRANSACTION_TIMEOUT, CANCELLED, UNAVAILABLE */
  query(sql: string, values?: readonly SqlValue[]): Promise<SqlResult>;
  /** Emits a durable event with it. @throws NexiosError INVALID_MESSAGE for what does not fit: then the transaction fails, awaited or not */
  emit<Payload>(event: DurableEvent<Payload>, payload: NoInfer<Payload>): Promise<void>;
}

/** What transactions of an application need of it. */
export interface TransactionSurroundings {
  /** Runs the function of one: what would wait for it is refused inside. */
  readonly inTransaction: <Value>(run: () => Promise<Value>) => Promise<Value>;
  /** An event is emitted by one. */
  readonly onEmit: (event: DurableEvent) => void;
}

/** Runs a function on a store's transaction as an application has it. */
export async function runAppTransaction<Value>(
  tx: StoreTransaction,
  run: (tx: AppTransaction) => Promise<Value>,
  { now, inTransaction, onEmit }: TransactionSurroundings & { readonly now: () => Millis },
): Promise<Value> {
  const emitting: Promise<void>[] = [];
  const append = async ({ log, bytes }: Awaited<ReturnType<typeof toEmitted>>, before: Promise<void> | undefined): Promise<void> => {
    // A schema may take its time: those of one key keep their order.
    await before;
    tx.append(log, { at: Math.floor(now()), author: undefined, callId: undefined, version: 1, bytes, publicBytes: undefined });
  };
  const own: AppTransaction = {
    query: (sql, values) => tx.query(sql, values),
    emit(event, payload) {
      onEmit(event);
      const before = emitting.at(-1);
      const emitted = toEmitted(event, payload).then((entry) => append(entry, before));
      // Who does not wait for it hears of it all the same, at the end.
      emitted.catch(() => undefined);
      emitting.push(emitted);
      return emitted;
    },
  };
  const value = await inTransaction(() => run(own));
  await Promise.all(emitting);
  return value;
}
