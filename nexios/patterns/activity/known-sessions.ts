import type { AppTransaction } from "nexios";
import type { Presence } from "./known-visitors.ts";
import { Recency } from "./recency.ts";
import { joinSessions, type Session } from "./sessions.ts";
import { placeholders, toRows, toSlices } from "./tables.ts";

/** Visitors whose sessions are remembered; of more, those that were used longest ago are read again. */
const mostRemembered = 50_000;
/** A visitor with more sessions is read each time. */
const mostOfOne = 4;

/** Beginnings of sessions that came and went. */
export interface SessionStarts {
  readonly begun: readonly number[];
  readonly unbegun: readonly number[];
}

/** Visitors' sessions, the same in whatever order their events come. Belongs to one writer. */
export class KnownSessions {
  /** All that a visitor has. */
  readonly #known = new Recency<readonly Session[] | undefined>(mostRemembered);

  async add(tx: AppTransaction, presences: readonly Presence[]): Promise<SessionStarts> {
    const times = Map.groupBy(presences, ({ visitor }) => visitor);
    const known = await this.#read(tx, [...times.keys()]);
    const changes = [...times].map(([visitor, ats]) => {
      const before = known.get(visitor) ?? [];
      const change = joinSessions(
        visitor,
        before,
        ats.map(({ at }) => at),
      );
      // Of one with very many the memory would have no bound.
      this.#known.set(visitor, change.after.length > mostOfOne ? undefined : change.after);
      return change;
    });
    await Promise.all([
      ...changes
        .flatMap(({ gone }) => gone)
        .map(({ visitor, firstAt }) => tx.query("delete from activity_session where visitor = ? and first_at = ?", [visitor, firstAt])),
      ...toSlices(changes.flatMap(({ changed }) => changed)).map((slice) => {
        const { text, values } = toRows(slice.map(({ visitor, firstAt, lastAt }) => [visitor, firstAt, lastAt]));
        return tx.query(
          `insert into activity_session (visitor, first_at, last_at) values ${text} on conflict (visitor, first_at) do update set last_at = excluded.last_at`,
          values,
        );
      }),
    ]);
    return { begun: changes.flatMap(({ begun }) => begun), unbegun: changes.flatMap(({ gone }) => gone.map(({ firstAt }) => firstAt)) };
  }

  /** For a transaction that has failed: what it has added is not there. */
  clear(): void {
    this.#known.clear();
  }

  async #read(tx: AppTransaction, visitors: readonly string[]): Promise<ReadonlyMap<string, readonly Session[]>> {
    const known = new Map<string, readonly Session[]>();
    const unknown: string[] = [];
    for (const visitor of visitors) {
      const sessions = this.#known.peek(visitor);
      if (sessions === undefined) unknown.push(visitor);
      else known.set(visitor, sessions);
    }
    const loaded = await Promise.all(toSlices(unknown).map((slice) => load(tx, slice)));
    for (const [visitor, sessions] of Map.groupBy(loaded.flat(), (session) => session.visitor)) known.set(visitor, sessions);
    return known;
  }
}

async function load(tx: AppTransaction, visitors: readonly string[]): Promise<readonly Session[]> {
  const { rows } = await tx.query(`select visitor, first_at, last_at from activity_session where visitor in ${placeholders(visitors.length)}`, visitors);
  return rows.map((row) => ({ visitor: String(row["visitor"]), firstAt: Number(row["first_at"]), lastAt: Number(row["last_at"]) }));
}
