import type { Cancel } from "../world/clock.ts";

/** Adds a function that wants to be told, until it is cancelled. */
export type Listen<Values extends readonly unknown[]> = (listener: (...values: Values) => void) => Cancel;

/** Adds listeners, and tells them: one that throws hurts no other, and is heard of as an uncaught error. */
export function createListeners<Values extends readonly unknown[]>(): readonly [listen: Listen<Values>, tell: (...values: Values) => void] {
  const listeners = new Set<(...values: Values) => void>();
  function listen(listener: (...values: Values) => void): Cancel {
    // A function of its own, so that a listener added twice is told twice.
    const own = (...values: Values): void => listener(...values);
    listeners.add(own);
    return () => void listeners.delete(own);
  }
  function tellAll(...values: Values): void {
    for (const listener of new Set(listeners)) {
      try {
        // One before may have cancelled it.
        if (listeners.has(listener)) listener(...values);
      } catch (error) {
        throwLater(error);
      }
    }
  }
  return [listen, tellAll];
}

/** Lets an application's own fault be seen without stopping what goes on here. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
