import type { CallStorage, KeptCall } from "nexios/client";

/** Keeps calls over reloads as a browser's database does, for as long as this process lives. */
export class KeptInMemory implements CallStorage {
  readonly #calls = new Map<string, KeptCall>();

  load(room: string): Promise<readonly KeptCall[]> {
    return Promise.resolve([...this.#calls.values()].filter((call) => call.room === room));
  }

  keep(call: KeptCall): void {
    this.#calls.set(call.callId, call);
  }

  forget(callId: string): void {
    this.#calls.delete(callId);
  }
}
