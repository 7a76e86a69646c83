import type { Cancel } from "../world/clock.ts";

/** Functions that want to be told. */
export interface Listeners<Values extends readonly unknown[]> {
  readonly add: (listener: (...values: Values) => void) => Cancel;
  /** One that throws hurts no other, and is heard of as an uncaught error. */
  readonly tell: (...values: Values) => void;
}

export function createListeners<Values extends readonly unknown[]>(): Listeners<Values> {
  // Each in a wrapper of its own, so that a function added twice is told twice.
  const listeners = new Set<{ readonly tell: (...values: Values) => void }>();
  return {
    add(tell) {
      const own = { tell };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    tell(...values) {
      for (const listener of new Set(listeners)) {
        try {
          // One before may have cancelled it.
          if (listeners.has(listener)) listener.tell(...values);
        } catch (error) {
          throwLater(error);
        }
      }
    },
  };
}

/** Lets an application's own fault be seen without stopping what goes on here. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
