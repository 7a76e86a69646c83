// The page of `tracking.chromium.test.ts`: it is built by the test, and served by the test's own app.
import { createTracker } from "nexios/activity/client";

// Nothing is sent by time: what comes has come because the page was left.
Object.assign(globalThis, { tracker: createTracker({ visitor: "ann", limits: { flushMs: 3_600_000 } }) });
