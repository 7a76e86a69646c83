import { type Frame, responseClasses, type Series, type SeriesName, seriesNames, type Snapshot } from "./frame.ts";

/** The snapshot after one more frame: each series goes one second further, and a second without a frame is a gap. */
export function fold(snapshot: Snapshot, frame: Frame): Snapshot {
  const seconds = Math.round((frame.at - snapshot.at) / 1_000);
  const next = (name: SeriesName): Series => {
    const before = snapshot.series[name];
    // Two frames of one second, or a server's clock that went back: the newer value stands in the older one's place.
    if (seconds < 1) return [...before.slice(0, -1), frame[name]];
    const gap = Array.from({ length: Math.min(seconds - 1, snapshot.windowSeconds) }, () => null);
    return [...before, ...gap, frame[name]].slice(-snapshot.windowSeconds);
  };
  const series = Object.fromEntries(seriesNames.map((name) => [name, next(name)])) as Record<SeriesName, Series>;
  // Frames carry no total; that of the last quarter of an hour is a lower bound, which is all that "quiet" asks for.
  return { ...snapshot, ...frame, series, total: Math.max(snapshot.total, sumStatuses(frame)) };
}

export function sumStatuses({ statuses }: Pick<Frame, "statuses">): number {
  return responseClasses.reduce((sum, name) => sum + statuses[name], 0);
}
