import type { AppTransaction } from "nexios";
import { labelsOf, type LabelRules, noLabel, Tally, withOthers } from "./counts.ts";
import type { StoredEvent } from "./event.ts";
import { addCounts, type KnownLabels } from "./known-labels.ts";
import { joinSessions, type Session, sessionGapMs } from "./sessions.ts";
import { placeholders, type Step, steps, toSlices } from "./tables.ts";
import type { KnownVisitors } from "./known-visitors.ts";

/** An event on its way to the store, with its batch. */
export interface QueuedEvent {
  readonly event: StoredEvent;
  readonly batch: number;
}

/** What a writer remembers from one commit to the next. */
export interface Writer {
  readonly labels: KnownLabels;
  readonly visitors: KnownVisitors;
  readonly rules: LabelRules;
}

/** What became of the events of a commit. */
export interface Committed {
  /** For each, in its order: whether its own batch has brought it. */
  readonly accepted: readonly boolean[];
  /** Those that were not there before. */
  readonly fresh: readonly StoredEvent[];
}

/** Stores events, and counts those that are new, in one transaction: so nothing is counted twice, and nothing is stored without being counted. */
export async function commitEvents(tx: AppTransaction, queued: readonly QueuedEvent[], { labels, visitors, rules }: Writer): Promise<Committed> {
  const first = new Map<string, QueuedEvent>();
  for (const each of queued) if (!first.has(each.event.id)) first.set(each.event.id, each);
  const inserted = await insertEvents(tx, [...first.values()]);
  const known = await batchesOf(
    tx,
    [...first.keys()].filter((id) => !inserted.has(id)),
  );
  const fresh = [...first.values()].filter(({ event }) => inserted.has(event.id)).map(({ event }) => event);
  if (fresh.length > 0) {
    const sessions = await keepSessions(tx, fresh);
    for (const step of ["minute", "hour"] as const) await countEvents(tx, step, { fresh, sessions, labels, rules });
    await visitors.add(tx, fresh);
  }
  return {
    accepted: queued.map((each) => first.get(each.event.id) === each && (inserted.has(each.event.id) || known.get(each.event.id) === each.batch)),
    fresh,
  };
}

async function insertEvents(tx: AppTransaction, events: readonly QueuedEvent[]): Promise<ReadonlySet<string>> {
  const inserted = new Set<string>();
  for (const slice of toSlices(events)) {
    const { rows } = await tx.query(
      `insert into activity_event (id, batch, at, type, visitor, path, properties) values ${placeholders(slice.length, 7)} on conflict (id) do nothing returning id`,
      slice.flatMap(({ event: { id, at, type, visitor, path, properties }, batch }) => [
        id,
        batch,
        at,
        type,
        visitor ?? null,
        path ?? null,
        properties === undefined ? null : JSON.stringify(properties),
      ]),
    );
    for (const { id } of rows) inserted.add(String(id));
  }
  return inserted;
}

/** Which batch has brought events that are there. */
async function batchesOf(tx: AppTransaction, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const batches = new Map<string, number>();
  for (const slice of toSlices(ids)) {
    const { rows } = await tx.query(`select id, batch from activity_event where id in ${placeholders(1, slice.length)}`, slice);
    for (const { id, batch } of rows) batches.set(String(id), Number(batch));
  }
  return batches;
}

/** Beginnings of sessions that came and went. */
interface SessionStarts {
  readonly begun: readonly number[];
  readonly unbegun: readonly number[];
}

async function keepSessions(tx: AppTransaction, fresh: readonly StoredEvent[]): Promise<SessionStarts> {
  const times = new Map<string, number[]>();
  for (const { visitor, at } of fresh) {
    if (visitor === undefined) continue;
    const known = times.get(visitor);
    if (known === undefined) times.set(visitor, [at]);
    else known.push(at);
  }
  const known = await readSessions(tx, times);
  const changes = [...times].map(([visitor, ats]) => joinSessions(visitor, known.get(visitor) ?? [], ats));
  for (const { visitor, firstAt } of changes.flatMap(({ gone }) => gone))
    await tx.query("delete from activity_session where visitor = ? and first_at = ?", [visitor, firstAt]);
  for (const slice of toSlices(changes.flatMap(({ changed }) => changed))) {
    await tx.query(
      `insert into activity_session (visitor, first_at, last_at) values ${placeholders(slice.length, 3)} on conflict (visitor, first_at) do update set last_at = excluded.last_at`,
      slice.flatMap(({ visitor, firstAt, lastAt }) => [visitor, firstAt, lastAt]),
    );
  }
  return { begun: changes.flatMap(({ begun }) => begun), unbegun: changes.flatMap(({ unbegun }) => unbegun) };
}

/** Those that any of these moments may touch. */
async function readSessions(tx: AppTransaction, times: ReadonlyMap<string, readonly number[]>): Promise<ReadonlyMap<string, readonly Session[]>> {
  const all = [...times.values()].flat();
  const [from, to] = all.reduce(([least, most], at) => [Math.min(least, at), Math.max(most, at)], [Infinity, -Infinity]);
  const sessions: Session[] = [];
  for (const slice of toSlices([...times.keys()])) {
    const { rows } = await tx.query(
      `select visitor, first_at, last_at from activity_session where visitor in ${placeholders(1, slice.length)} and last_at > ? and first_at < ?`,
      [...slice, from - sessionGapMs, to + sessionGapMs],
    );
    for (const row of rows) sessions.push({ visitor: String(row["visitor"]), firstAt: Number(row["first_at"]), lastAt: Number(row["last_at"]) });
  }
  return Map.groupBy(sessions, ({ visitor }) => visitor);
}

async function countEvents(
  tx: AppTransaction,
  step: Step,
  { fresh, sessions, labels, rules }: Pick<Writer, "labels" | "rules"> & { readonly fresh: readonly StoredEvent[]; readonly sessions: SessionStarts },
): Promise<void> {
  const tally = new Tally(steps[step]);
  for (const event of fresh) for (const [metric, label] of labelsOf(event, rules)) tally.add(event.at, metric, label);
  for (const at of sessions.begun) tally.add(at, "session", noLabel);
  for (const at of sessions.unbegun) tally.add(at, "session", noLabel, -1);
  const { counts } = tally;
  await addCounts(tx, step, withOthers(counts, await labels.admit(tx, step, counts)));
}
