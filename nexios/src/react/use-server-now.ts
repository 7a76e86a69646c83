import { useSyncExternalStore } from "react";
import { useClient } from "./provider.ts";
import { timedStoreOf } from "./timed-store.ts";

/** The server's time, as it was read at the last tick. */
export interface ServerNow {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `now` is at most so many milliseconds off; Infinity before the server was heard. */
  readonly bound: number;
}

/**
 * The server's time, anew each `everyMs` of it (1,000 unless given): all who ask for the same step share one timer, see the same time, and change at its whole multiples.
 * @throws TypeError for a step that is not above 0
 */
export function useServerNow(everyMs = 1_000): ServerNow {
  if (!(everyMs > 0)) throw new TypeError(`useServerNow takes a step above 0 ms, not ${everyMs}`);
  const client = useClient();
  const { subscribe, read } = timedStoreOf<ServerNow>(client, everyMs, () => ({
    read(last) {
      const now = client.clock.now();
      const bound = client.clock.bound();
      const isSameStep = last !== undefined && Math.floor(now / everyMs) === Math.floor(last.now / everyMs);
      // The first answer of the server is told at once.
      return isSameStep && Number.isFinite(bound) === Number.isFinite(last.bound) ? last : { now, bound };
    },
    holdsMs: () => everyMs - (client.clock.now() % everyMs),
  }));
  return useSyncExternalStore(subscribe, read, read);
}
