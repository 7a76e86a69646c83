import { AsyncLocalStorage } from "node:async_hooks";
import { NexiosError } from "../protocol/failure.ts";

/** Knows what runs inside a transaction of an app: what waits for that transaction there would wait for ever. */
export class TransactionScope {
  readonly #storage = new AsyncLocalStorage<{ isOpen: boolean }>();

  /** Runs the function of a transaction. */
  async run<Value>(run: () => Promise<Value>): Promise<Value> {
    // What it begins and does not wait for outlives it, and may wait for what it likes.
    const scope = { isOpen: true };
    try {
      return await this.#storage.run(scope, run);
    } finally {
      scope.isOpen = false;
    }
  }

  /** @throws NexiosError CALL_IN_TRANSACTION inside of one */
  requireNone(): void {
    if (this.#storage.getStore()?.isOpen === true) {
      throw new NexiosError(
        "CALL_IN_TRANSACTION",
        "This would wait for the transaction that it is part of: do it before or after, or emit an event for a subscription that does it",
      );
    }
  }
}
