import type { Client } from "../client/index.ts";

/** A value that changes, by itself too. */
export interface TimedStore<Value> {
  subscribe(this: void, listener: () => void): () => void;
  read(this: void): Value;
}

/** Where a timed value comes from. */
export interface TimedValue<Value> {
  /** Gives `last` itself while it holds. */
  read(last: Value | undefined): Value;
  /** How long the present one holds at most; 0: until the client says otherwise. */
  holdsMs(): number;
}

/** A longer delay would fire at once. */
const longestMs = 2 ** 31 - 1;
const stores = new WeakMap<Client, Map<unknown, TimedStore<unknown>>>();

/** A client's value of that key. All who look at it see the same one, with one timer among them, and none while nobody looks. */
export function timedStoreOf<Value extends object>(client: Client, key: unknown, create: () => TimedValue<Value>): TimedStore<Value> {
  const ofClient = stores.get(client) ?? new Map<unknown, TimedStore<unknown>>();
  const store = ofClient.get(key) ?? createStore(client, create());
  stores.set(client, ofClient.set(key, store));
  return store as TimedStore<Value>;
}

function createStore<Value extends object>(client: Client, timed: TimedValue<Value>): TimedStore<Value> {
  const listeners = new Set<() => void>();
  let value: Value | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopWatching: (() => void) | undefined;
  const refresh = (): void => {
    const before = value;
    value = timed.read(before);
    clearTimeout(timer);
    const ms = timed.holdsMs();
    if (ms > 0) timer = setTimeout(refresh, Math.min(ms, longestMs));
    if (value !== before) for (const listener of listeners) listener();
  };
  return {
    // Nobody has kept it up to date while nobody looked.
    read: () => (value = value === undefined || listeners.size === 0 ? timed.read(value) : value),
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        stopWatching = client.onChange(refresh);
        refresh();
      }
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        stopWatching?.();
        clearTimeout(timer);
      };
    },
  };
}
