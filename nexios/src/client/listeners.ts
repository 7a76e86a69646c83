import type { Cancel } from "../world/clock.ts";

/** Adds a function that wants to be told, until it is cancelled. */
export type Listen<Values extends readonly unknown[]> = (listener: (...values: Values) => void) => Cancel;

/** Adds listeners, and tells them: one that throws hurts no other, and is heard of as an uncaught error. */
export function createListeners<Values extends readonly unknown[]>(): readonly [listen: Listen<Values>, tell: (...values: Values) => void] {
  // Each in a wrapper of its own, so that a function added twice is told twice.
  const listeners = new Set<{ readonly tell: (...values: Values) => void }>();
  function listen(tell: (...values: Values) => void): Cancel {
    const own = { tell };
    listeners.add(own);
    return () => void listeners.delete(own);
  }
  function tellAll(...values: Values): void {
    for (const listener of new Set(listeners)) {
      try {
        // One before may have cancelled it.
        if (listeners.has(listener)) listener.tell(...values);
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
