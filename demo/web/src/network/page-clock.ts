import type { ClientWorld } from "nexios/client";

/** The clock of a page. */
export const pageClock: ClientWorld["clock"] = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
  afterTurn: (fire) => queueMicrotask(fire),
};
