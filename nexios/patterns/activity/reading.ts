import type { AppStore, SqlResult } from "nexios";
import { Distinct, type UniqueReading } from "nexios/metrics";
import type { PeopleCount, Ranked } from "./contract.ts";
import type { Count } from "./counts.ts";
import { eventColumns, toEvent } from "./event-row.ts";
import type { StoredEvent } from "./event.ts";
import { countTables, type Step, steps } from "./tables.ts";
import { startOf } from "./time.ts";

/** From a moment, up to another that is not part of it, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What there was in a minute or an hour. */
export interface StepCount {
  /** When it begins. */
  readonly at: number;
  readonly events: number;
  /** Distinct ones: those of two steps can't be added up. */
  readonly visitors: PeopleCount;
  /** Sessions that have begun in it. */
  readonly sessions: number;
}

/** What there was in a span, minute by minute counted. */
export interface ActivitySummary {
  readonly events: number;
  /** Distinct ones. Who was there on two days is two: of a day that is over nobody can be known again. */
  readonly visitors: PeopleCount;
  readonly sessions: number;
  /** Minutes with an event. */
  readonly minutes: number;
  /** Events of the minute that had most. */
  readonly peakPerMinute: number;
}

/** Steps of one answer. */
const mostSteps = 20_000;
/** A visitor has a hash for a day, and events of two days before may come. */
const longestSessionMs = 4 * 86_400_000;

type Rows = SqlResult["rows"];

/** What was counted, read from where it was counted: never from single events. */
export class ActivityReading {
  readonly #store: Pick<AppStore, "query">;
  readonly #settle: () => Promise<void>;

  /** `settle` has sessions counted that were only noted. */
  constructor(store: Pick<AppStore, "query">, settle: () => Promise<void>) {
    this.#store = store;
    this.#settle = settle;
  }

  /** Steps with an event, oldest first. @throws TypeError for a span of more than 20,000 steps */
  async steps(step: Step, { from, to }: Span): Promise<readonly StepCount[]> {
    if (!((to - from) / steps[step] <= mostSteps)) throw new TypeError(`At most ${mostSteps} steps are read at once: a shorter span, or hours`);
    await this.#settle();
    const table = countTables[step];
    const events = await this.#all(
      `select at, sum(count) as events from ${table} where at >= ? and at < ? and metric = 'type' group by at order by at`,
      from,
      to,
    );
    const sessions = toNumbers(await this.#all(`select at, count from ${table} where at >= ? and at < ? and metric = 'session'`, from, to), "count");
    const visitors = new Map(
      (await this.#all(`select at, count, sketch from activity_visitors where step = '${step}' and at >= ? and at < ?`, from, to)).map((row) => [
        Number(row["at"]),
        { count: Number(row["count"]), isExact: !String(row["sketch"]).startsWith('{"registers"') },
      ]),
    );
    return events.map((row) => {
      const at = Number(row["at"]);
      return { at, events: Number(row["events"]), visitors: visitors.get(at) ?? { count: 0, isExact: true }, sessions: sessions.get(at) ?? 0 };
    });
  }

  async summary({ from, to }: Span): Promise<ActivitySummary> {
    await this.#settle();
    const [row] = await this.#all(
      `select count(*) as minutes, coalesce(sum(events), 0) as events, coalesce(max(events), 0) as peak from
        (select sum(count) as events from activity_minute where at >= ? and at < ? and metric = 'type' group by at) as per_minute`,
      from,
      to,
    );
    const [sessions] = await this.#all(
      "select coalesce(sum(count), 0) as count from activity_minute where at >= ? and at < ? and metric = 'session'",
      from,
      to,
    );
    return {
      events: Number(row?.["events"]),
      visitors: await this.#visitors({ from, to }),
      sessions: Number(sessions?.["count"]),
      minutes: Number(row?.["minutes"]),
      peakPerMinute: Number(row?.["peak"]),
    };
  }

  /** The most frequent names; of equal ones the first by its letters. */
  async top(metric: string, step: Step, { from, to, limit }: Span & { readonly limit: number }): Promise<readonly Ranked[]> {
    const { rows } = await this.#store.query(
      `select label, sum(count) as total from ${countTables[step]} where at >= ? and at < ? and metric = ? group by label order by total desc, label limit ?`,
      [startOf(from, steps[step]), to, metric, limit],
    );
    return rows.map(({ label, total }) => ({ label: String(label), count: Number(total) }));
  }

  /** Single events from a moment on, the newest `limit` of them, oldest first. */
  async events(since: number, limit: number): Promise<readonly StoredEvent[]> {
    const { rows } = await this.#store.query(`select ${eventColumns} from activity_event where at >= ? order by at desc, id desc limit ?`, [since, limit]);
    return rows.toReversed().map(toEvent);
  }

  /** When each visitor was last there, from a moment on. */
  async lastSeen(since: number): Promise<readonly { readonly visitor: string; readonly at: number }[]> {
    const { rows } = await this.#store.query("select visitor, max(last_at) as at from activity_session where first_at >= ? and last_at >= ? group by visitor", [
      since - longestSessionMs,
      since,
    ]);
    return rows.map(({ visitor, at }) => ({ visitor: String(visitor), at: Number(at) }));
  }

  /** Counts of minutes from a moment on, as they were counted; and the number of the last commit that is among them, where several processes share the store. */
  async counts(since: number): Promise<{ readonly counts: readonly Count[]; readonly upTo: number }> {
    const [before] = (await this.#store.query("select commits from activity_turn")).rows;
    // One statement sees one moment.
    const rows = await this.#all(
      "select at, metric, label, count, (select commits from activity_turn) as commits from activity_minute where at >= ? and at < ?",
      since,
      Number.MAX_SAFE_INTEGER,
    );
    const counts = rows.map(({ at, metric, label, count }) => ({ at: Number(at), metric: String(metric), label: String(label), count: Number(count) }));
    return { counts, upTo: Number((rows[0] ?? before)?.["commits"]) };
  }

  /** Of whole hours, since hours are kept longest. */
  async #visitors({ from, to }: Span): Promise<PeopleCount> {
    const rows = await this.#all("select sketch from activity_visitors where step = 'hour' and at >= ? and at < ?", startOf(from, steps.hour), to);
    const all = new Distinct();
    for (const { sketch } of rows) all.merge(JSON.parse(String(sketch)) as UniqueReading);
    return all.size;
  }

  async #all(sql: string, from: number, to: number): Promise<Rows> {
    return (await this.#store.query(sql, [from, to])).rows;
  }
}

function toNumbers(rows: Rows, field: string): ReadonlyMap<number, number> {
  return new Map(rows.map((row) => [Number(row["at"]), Number(row[field])]));
}
