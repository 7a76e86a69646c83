/** One request to a web site. */
export interface ActivityRequest {
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  /** Who made it, as far as the site knows: an address, or a user's id. */
  readonly visitor: string;
  readonly method: string;
  /** With or without a query: a query is not kept. */
  readonly path: string;
  readonly status: number;
}

/** The classes of HTTP statuses. */
const statusClasses = ["2xx", "3xx", "4xx", "5xx"] as const;
type StatusClass = (typeof statusClasses)[number];

/** What every viewer of the control room gets each second. */
export interface Frame {
  readonly at: number;
  readonly requestsPerSecond: number;
  /** Distinct visitors of the last five minutes. */
  readonly activeVisitors: number;
  readonly viewers: number;
  /** Of the last fifteen minutes, at most ten. */
  readonly topPages: readonly { readonly path: string; readonly requests: number }[];
  readonly statuses: Readonly<Record<StatusClass, number>>;
  readonly memoryBytes: number;
  readonly loopDelayMs: number;
}

/** What is measured beside the requests. */
export interface Vitals {
  readonly viewers: number;
  readonly memoryBytes: number;
  readonly loopDelayMs: number;
}

interface Minute {
  readonly start: number;
  readonly pages: Map<string, number>;
  readonly statuses: Record<StatusClass, number>;
}

const minuteMs = 60_000;
const activeMs = 5 * minuteMs;
const pagesMs = 15 * minuteMs;
const topPages = 10;
const bounds = { visitors: 50_000, pagesPerMinute: 2_000 };
/** Longer paths are counted by their beginnings. */
const shownCharacters = 256;

/** The recent past of a site, for the live page: bounded whatever comes. Time is that of arrival, and is given. */
export class RecentActivity {
  readonly #seenAt = new Map<string, number>();
  #minutes: Minute[] = [];
  #sinceFrame = 0;
  #frameAt: number | undefined;

  record(request: ActivityRequest, now: number): void {
    this.#sinceFrame++;
    this.restore(request, now);
  }

  /** A request from before a restart: it counts as seen, and not for the rate of now. */
  restore(request: ActivityRequest, now: number): void {
    // Moved to the end, so that the first is always the one seen longest ago.
    this.#seenAt.delete(request.visitor);
    this.#seenAt.set(request.visitor, now);
    if (this.#seenAt.size > bounds.visitors) this.#forgetOldestVisitor();
    const minute = this.#minuteOf(now);
    const path = toPage(request.path).slice(0, shownCharacters).toWellFormed();
    if (minute.pages.has(path) || minute.pages.size < bounds.pagesPerMinute) minute.pages.set(path, (minute.pages.get(path) ?? 0) + 1);
    const statusClass = toStatusClass(request.status);
    if (statusClass !== undefined) minute.statuses[statusClass]++;
  }

  /** The next frame; requests are counted from the last one on. */
  frame(now: number, vitals: Vitals): Frame {
    this.#forget(now);
    const seconds = this.#frameAt === undefined ? 1 : Math.max(0.001, (now - this.#frameAt) / 1000);
    const requestsPerSecond = Math.round((this.#sinceFrame / seconds) * 10) / 10;
    this.#sinceFrame = 0;
    this.#frameAt = now;
    return { at: now, requestsPerSecond, activeVisitors: this.#seenAt.size, topPages: this.#topPages(), statuses: this.#statuses(), ...vitals };
  }

  #minuteOf(now: number): Minute {
    const start = Math.floor(now / minuteMs) * minuteMs;
    const newest = this.#minutes.at(-1);
    // A clock that was set back counts on in the newest minute.
    if (newest !== undefined && newest.start >= start) return newest;
    const minute: Minute = { start, pages: new Map(), statuses: { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 } };
    this.#minutes.push(minute);
    return minute;
  }

  #topPages(): Frame["topPages"] {
    const sums = new Map<string, number>();
    for (const { pages } of this.#minutes) for (const [path, count] of pages) sums.set(path, (sums.get(path) ?? 0) + count);
    return [...sums]
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, topPages)
      .map(([path, requests]) => ({ path, requests }));
  }

  #statuses(): Frame["statuses"] {
    const sums: Record<StatusClass, number> = { "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 };
    for (const { statuses } of this.#minutes) for (const name of statusClasses) sums[name] += statuses[name];
    return sums;
  }

  #forget(now: number): void {
    this.#minutes = this.#minutes.filter(({ start }) => now - start < pagesMs);
    for (const [visitor, at] of this.#seenAt) {
      if (now - at < activeMs) return;
      this.#seenAt.delete(visitor);
    }
  }

  #forgetOldestVisitor(): void {
    const [oldest] = this.#seenAt.keys();
    if (oldest !== undefined) this.#seenAt.delete(oldest);
  }
}

/** A path without its query. */
export function toPage(path: string): string {
  const end = path.indexOf("?");
  return end < 0 ? path : path.slice(0, end);
}

function toStatusClass(status: number): StatusClass | undefined {
  return statusClasses[Math.floor(status / 100) - 2];
}
