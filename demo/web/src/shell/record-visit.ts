import { createTracker } from "nexios/activity/client";

/** The house's own pages are looked at by few: they are told soon. */
const tracker = createTracker({ limits: { flushMs: 1_000 } });

/** Tells the server that a page was looked at. Nobody waits for it, and nothing depends on it. */
export function recordVisit(visitor: string, path: string): void {
  tracker.track("page", { visitor, path });
}
