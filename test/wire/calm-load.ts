import type { Load } from "nexios";

/** A machine that has nothing to do, however busy the one is that runs the tests. */
export const calm: Load = { loopDelayMs: () => 0, heapFraction: () => 0, close: () => undefined };
