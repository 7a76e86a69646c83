import type { Frame, Snapshot } from "./frame.ts";

/** Frames and snapshots for tests. */
export function sampleFrame(changes: Partial<Frame> = {}): Frame {
  return {
    at: 1_000_000,
    requestsPerSecond: 4,
    activeVisitors: 3,
    viewers: 1,
    topPages: [{ path: "/", requests: 4 }],
    statuses: { "2xx": 4, "3xx": 0, "4xx": 0, "5xx": 0 },
    memoryBytes: 80e6,
    loopDelayMs: 1.5,
    ...changes,
  };
}

export function sampleSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  const series = { requestsPerSecond: [2, 3, 4], activeVisitors: [3, 3, 3], memoryBytes: [8, 8, 8], loopDelayMs: [1, 1, 1] };
  return { ...sampleFrame(), windowSeconds: 5, series, total: 9, ...changes };
}
