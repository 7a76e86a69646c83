import type { Cancel } from "../world/clock.ts";

/** Functions that want to be told. One that throws hurts no other, and is heard of as an uncaught error. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  add(listener: (value: Value) => void): Cancel {
    // A wrapper of its own, so that a function added twice is told twice.
    const own = (value: Value): void => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(value: Value): void {
    for (const listener of new Set(this.#listeners)) {
      try {
        // One before may have cancelled it.
        if (this.#listeners.has(listener)) listener(value);
      } catch (error) {
        throwLater(error);
      }
    }
  }
}

/** Lets an application's own fault be seen without stopping what goes on here. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
