import { type Count, labelsOf, type LabelRules, otherLabel } from "./counts.ts";
import type { ActivityView, LiveEvent, PeopleCount, Ranked } from "./contract.ts";
import type { StoredEvent } from "./event.ts";
import { sessionGapMs } from "./sessions.ts";
import { hasGoneBack, newestOf } from "./state.ts";
import { startOf } from "./time.ts";
import { VisitorWindow } from "./visitor-window.ts";

/** What is told of the recent past. */
const activeMs: number = 5 * 60_000;
const minuteMs = 60_000;
const keptMinutes = 31;
const rankedLabels = 10;

/** Names, by their counts. */
type Labels = Map<string, number>;

export interface RecentRules extends LabelRules {
  readonly labels: number;
  readonly exactVisitors: number;
}

/** The last half hour, for pages that are live: bounded, whatever comes. It belongs to a process, which is told of what others have stored. */
export class RecentActivity {
  readonly #rules: RecentRules;
  readonly #active: VisitorWindow;
  readonly #sessions: VisitorWindow;
  readonly #minutes = new Map<number, Map<string, Labels>>();
  #latest: readonly LiveEvent[] = [];
  /** The time when it was last told. */
  #now = -Infinity;

  constructor(rules: RecentRules) {
    this.#rules = rules;
    this.#active = new VisitorWindow(activeMs, rules.exactVisitors);
    this.#sessions = new VisitorWindow(sessionGapMs, rules.exactVisitors);
  }

  /** Events that have been stored, in the order in which they were. */
  add(events: readonly StoredEvent[], now: number): void {
    this.noteTime(now);
    for (const event of events) {
      if (event.visitor !== undefined) this.see(event.visitor, event.at, now);
      for (const [metric, label] of labelsOf(event, this.#rules)) this.count({ at: event.at, metric, label, count: 1 }, now);
    }
    this.show(events);
  }

  /** Somebody was there, as after a restart it is known of the store. */
  see(visitor: string, at: number, now: number): void {
    this.#active.add(visitor, at, now);
    this.#sessions.add(visitor, at, now);
  }

  /** So many events more of a minute. */
  count({ at, metric, label, count }: Count, now: number): void {
    const start = startOf(at, minuteMs);
    if (start <= now - keptMinutes * minuteMs) return;
    const metrics = this.#minutes.get(start) ?? new Map<string, Labels>();
    const labels: Labels = metrics.get(metric) ?? new Map();
    const place = labels.has(label) || labels.size < this.#rules.labels ? label : otherLabel;
    labels.set(place, (labels.get(place) ?? 0) + count);
    metrics.set(metric, labels);
    this.#minutes.set(start, metrics);
  }

  /** Puts events into the live list, each once. */
  show(events: readonly StoredEvent[]): void {
    this.#latest = newestOf([...this.#latest, ...events.map(toLive)]);
  }

  /** What a page shows now. */
  view(now: number): ActivityView {
    for (const start of this.#minutes.keys()) if (start <= now - keptMinutes * minuteMs) this.#minutes.delete(start);
    const newest = startOf(now, minuteMs);
    return {
      at: now,
      active: this.#active.count(now),
      sessions: this.#sessions.count(now),
      minutes: Array.from({ length: 30 }, (_, index) => this.#eventsOf(newest - (29 - index) * minuteMs)),
      pages: { last5: this.#rank("path", 5, now), last30: this.#rank("path", 30, now) },
      types: { last5: this.#rank("type", 5, now), last30: this.#rank("type", 30, now) },
      latest: this.#latest,
    };
  }

  active(now: number): PeopleCount {
    return this.#active.count(now);
  }

  sessions(now: number): PeopleCount {
    return this.#sessions.count(now);
  }

  /** To be told now and then what time it is. When the clock goes back, what is known moves back with it: else it would be there for as long as the clock has gone back. */
  noteTime(now: number): void {
    const before = this.#now;
    this.#now = now;
    if (!hasGoneBack(before, now)) return;
    const ms = before - now;
    this.#active.moveBack(ms);
    this.#sessions.moveBack(ms);
    const minutes = [...this.#minutes];
    this.#minutes.clear();
    for (const [start, metrics] of minutes) this.#minutes.set(startOf(start - ms + minuteMs / 2, minuteMs), metrics);
    this.#latest = this.#latest.map((event) => ({ ...event, at: event.at - ms }));
  }

  #eventsOf(start: number): number {
    return [...(this.#minutes.get(start)?.get("type")?.values() ?? [])].reduce((sum, count) => sum + count, 0);
  }

  /** The most frequent of the last so many minutes, the one that runs among them. */
  #rank(metric: string, minutes: number, now: number): readonly Ranked[] {
    const since = startOf(now, minuteMs) - (minutes - 1) * minuteMs;
    const sums: Labels = new Map();
    for (const [start, metrics] of this.#minutes) {
      if (start < since) continue;
      for (const [label, count] of metrics.get(metric) ?? []) sums.set(label, (sums.get(label) ?? 0) + count);
    }
    return [...sums]
      .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, rankedLabels)
      .map(([label, count]) => ({ label, count }));
  }
}

function toLive({ id, at, type, path, visitor }: StoredEvent): LiveEvent {
  return { id, at, type, ...(path !== undefined && { path }), ...(visitor !== undefined && { visitor }) };
}
