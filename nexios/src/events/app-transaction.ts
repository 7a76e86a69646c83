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

/** Runs a function on a store's transaction as an application has it. */
export async function runAppTransaction<Value>(tx: StoreTransaction, now: () => Millis, run: (tx: AppTransaction) => Promise<Value>): Promise<Value> {
  const emitting: Promise<void>[] = [];
  const value = await run({
    query: (sql, values) => tx.query(sql, values),
    emit(event, payload) {
      const before = emitting.at(-1);
      const emitted = toEmitted(event, payload).then(async ({ log, bytes }) => {
        // A schema may take its time: those of one key keep their order.
        await before;
        tx.append(log, { at: Math.floor(now()), author: undefined, callId: undefined, version: 1, bytes, publicBytes: undefined });
      });
      // Who does not wait for it hears of it all the same, at the end.
      emitted.catch(() => undefined);
      emitting.push(emitted);
      return emitted;
    },
  });
  await Promise.all(emitting);
  return value;
}
