import { useSyncExternalStore } from "react";
import type { Cursor } from "./chart-cursor.ts";

/** One cursor for all charts. */
export class CursorStore {
  #cursor: Cursor;
  readonly #listeners = new Set<() => void>();

  readonly read = (): Cursor => this.#cursor;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  set(cursor: Cursor): void {
    this.#cursor = cursor;
    for (const listener of this.#listeners) listener();
  }
}

export function useCursor(store: CursorStore): Cursor {
  return useSyncExternalStore(store.subscribe, store.read);
}
