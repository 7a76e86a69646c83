import type { AppStore } from "nexios";
import type { ActivityLimits } from "./limits.ts";

/** A table's rows that are too old, and how long they are kept. */
interface Rule {
  readonly sql: string;
  readonly keepMs: keyof ActivityLimits;
  /** How often the time stands in it; once unless given. */
  readonly times?: number;
}

const rules: readonly Rule[] = [
  { keepMs: "keepEventsMs", sql: "delete from activity_event where id in (select id from activity_event where at < ? limit ?)" },
  {
    keepMs: "keepEventsMs",
    sql: "delete from activity_session where (visitor, first_at) in (select visitor, first_at from activity_session where first_at < ? and last_at < ? limit ?)",
    times: 2,
  },
  {
    keepMs: "keepMinutesMs",
    sql: "delete from activity_minute where (at, metric, label) in (select at, metric, label from activity_minute where at < ? limit ?)",
  },
  { keepMs: "keepHoursMs", sql: "delete from activity_hour where (at, metric, label) in (select at, metric, label from activity_hour where at < ? limit ?)" },
  { keepMs: "keepMinutesMs", sql: visitorsOf("minute") },
  { keepMs: "keepHoursMs", sql: visitorsOf("hour") },
];

/** Deletes what is too old, a slice at a time, so that others come in between. Gives how many rows went. @throws NexiosError UNAVAILABLE */
export async function forgetOld(store: Pick<AppStore, "transaction">, now: number, limits: ActivityLimits): Promise<number> {
  let gone = 0;
  for (const { sql, keepMs, times = 1 } of rules) {
    const before = now - limits[keepMs];
    // What is kept for ever needs no look.
    if (before < 0) continue;
    for (let changes = limits.sliceRows; changes >= limits.sliceRows; gone += changes) {
      ({ changes } = await store.transaction((tx) => tx.query(sql, [...Array.from({ length: times }, () => before), limits.sliceRows])));
    }
  }
  return gone;
}

function visitorsOf(step: string): string {
  return `delete from activity_visitors where (step, at) in (select step, at from activity_visitors where step = '${step}' and at < ? limit ?)`;
}
