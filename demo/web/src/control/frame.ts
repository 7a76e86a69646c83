import type { Frame } from "../../../server/activity-state.ts";

export const responseClasses = ["2xx", "3xx", "4xx", "5xx"] as const;

export type { Frame };

export const seriesNames = ["requestsPerSecond", "activeVisitors", "memoryBytes", "loopDelayMs"] as const;
export type SeriesName = (typeof seriesNames)[number];
/** One value a second, oldest first; `null` where there is none. */
export type Series = readonly (number | null)[];

/** What a page gets when it connects: the newest frame, and the window behind it. */
export interface Snapshot extends Frame {
  readonly windowSeconds: number;
  readonly series: Readonly<Record<SeriesName, Series>>;
  readonly total: number;
}

export type ServerMessage = { readonly kind: "initial"; readonly snapshot: Snapshot } | { readonly kind: "frame"; readonly frame: Frame };

type Unknown<T> = { readonly [K in keyof T]?: unknown };

/** Reads one message of the server; `undefined` for what this page does not know, which it then ignores. */
export function parseMessage(text: string): ServerMessage | undefined {
  try {
    const { type, data } = Object(JSON.parse(text)) as { type?: unknown; data?: unknown };
    if (type === "frame") return wrap("frame", toFrame(Object(data) as Unknown<Frame>));
    if (type === "initial") return wrap("initial", toSnapshot(Object(data) as Unknown<Snapshot>));
  } catch {
    // Not JSON: nothing of ours.
  }
  return undefined;
}

function wrap(kind: "frame" | "initial", value: Frame | Snapshot | undefined): ServerMessage | undefined {
  if (value === undefined) return undefined;
  return kind === "frame" ? { kind, frame: value } : { kind, snapshot: value as Snapshot };
}

function toFrame(value: Unknown<Frame>): Frame | undefined {
  const { at, requestsPerSecond, activeVisitors, viewers, memoryBytes, loopDelayMs, topPages } = value;
  if (!isNumber(at) || !isNumber(requestsPerSecond) || !isNumber(activeVisitors) || !isNumber(viewers)) return undefined;
  if (!isNumber(memoryBytes) || !isNumber(loopDelayMs) || !Array.isArray(topPages)) return undefined;
  const counts = Object(value.statuses) as Unknown<Frame["statuses"]>;
  const count = (name: (typeof responseClasses)[number]) => (isNumber(counts[name]) ? counts[name] : 0);
  return {
    at,
    requestsPerSecond,
    activeVisitors,
    viewers,
    memoryBytes,
    loopDelayMs,
    topPages: topPages.filter(isPage).slice(0, 10),
    statuses: { "2xx": count("2xx"), "3xx": count("3xx"), "4xx": count("4xx"), "5xx": count("5xx") },
  };
}

function toSnapshot(value: Unknown<Snapshot>): Snapshot | undefined {
  const frame = toFrame(value);
  const { windowSeconds, total } = value;
  if (frame === undefined || !isNumber(windowSeconds) || windowSeconds < 1 || !isNumber(total)) return undefined;
  const given = Object(value.series) as Unknown<Snapshot["series"]>;
  const read = (name: SeriesName): Series => {
    const values: readonly unknown[] = Array.isArray(given[name]) ? given[name] : [];
    return values.slice(-windowSeconds).map((one) => (isNumber(one) ? one : null));
  };
  const series = {
    requestsPerSecond: read("requestsPerSecond"),
    activeVisitors: read("activeVisitors"),
    memoryBytes: read("memoryBytes"),
    loopDelayMs: read("loopDelayMs"),
  };
  return { ...frame, windowSeconds, series, total };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isPage(value: unknown): value is Frame["topPages"][number] {
  const { path, requests } = Object(value) as { path?: unknown; requests?: unknown };
  return typeof path === "string" && isNumber(requests);
}
