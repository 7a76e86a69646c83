import type { AppTransaction } from "nexios";
import { labelsOf, type LabelRules, noLabel, Tally, withOthers } from "./counts.ts";
import type { StoredEvent } from "./event.ts";
import { addCounts, KnownLabels } from "./known-labels.ts";
import { KnownSessions } from "./known-sessions.ts";
import { KnownVisitors, type Presence } from "./known-visitors.ts";
import type { ActivityLimits } from "./limits.ts";
import { placeholders, type Step, steps, toRows, toSlices } from "./tables.ts";

/** An event on its way to the store, with its batch. */
export interface QueuedEvent {
  readonly event: StoredEvent;
  readonly batch: number;
}

/** What became of the events of a commit. */
export interface Committed {
  /** For each, in its order: whether its own batch has brought it. */
  readonly accepted: readonly boolean[];
  /** Those that were not there before. */
  readonly fresh: readonly StoredEvent[];
}

/** Stores events. What it remembers from one commit to the next is what it has written itself: where another process writes in between, it is told to read again. */
export class EventWriter {
  readonly #rules: LabelRules;
  readonly #labels: KnownLabels;
  readonly #sessions = new KnownSessions();
  readonly #visitors = new KnownVisitors();

  constructor(limits: ActivityLimits, properties: readonly string[]) {
    this.#rules = { ...limits, properties };
    this.#labels = new KnownLabels(limits.labels);
  }

  /**
   * Stores events, and counts those that are new, in one transaction: so nothing is counted twice, and nothing is stored without being counted. `number` is that of no
   * other commit.
   */
  async write(tx: AppTransaction, queued: readonly QueuedEvent[], number: number): Promise<Committed> {
    const first = new Map<string, QueuedEvent>();
    for (const each of queued) if (!first.has(each.event.id)) first.set(each.event.id, each);
    const known = await insertEvents(tx, [...first.values()], number);
    const fresh = [...first.values()].filter(({ event }) => !known.has(event.id)).map(({ event }) => event);
    if (fresh.length > 0) {
      const presences = fresh.filter((event): event is StoredEvent & Presence => event.visitor !== undefined);
      await Promise.all([
        this.#countLabels(tx, "minute", fresh),
        this.#countLabels(tx, "hour", fresh),
        this.#sessions.note(tx, presences, number),
        this.#visitors.add(tx, presences),
      ]);
    }
    return { accepted: queued.map((each) => first.get(each.event.id) === each && (known.get(each.event.id) ?? each.batch) === each.batch), fresh };
  }

  /** Another process has written since. */
  readAgain(): void {
    this.#labels.clear();
    this.#sessions.readAgain();
    this.#visitors.clear();
  }

  /** For a commit that has failed: what it has added is not there. */
  forget(): void {
    this.#labels.clear();
    this.#sessions.clear();
    this.#visitors.clear();
  }

  /** Whether sessions wait to be moved on. */
  get isWaiting(): boolean {
    return this.#sessions.isWaiting;
  }

  /** Whether so many wait that it is time to move them on. */
  get isFull(): boolean {
    return this.#sessions.isFull;
  }

  /** Moves some sessions on by what commits have noted, and counts those that have begun; it is to be called again until none waits. */
  async settle(tx: AppTransaction): Promise<void> {
    const { begun, unbegun } = await this.#sessions.settle(tx);
    for (const step of ["minute", "hour"] as const) {
      const tally = new Tally(steps[step]);
      for (const at of begun) tally.add(at, "session", noLabel);
      for (const at of unbegun) tally.add(at, "session", noLabel, -1);
      await addCounts(tx, step, tally.counts);
    }
  }

  async #countLabels(tx: AppTransaction, step: Step, fresh: readonly StoredEvent[]): Promise<void> {
    const tally = new Tally(steps[step]);
    for (const event of fresh) for (const [metric, label] of labelsOf(event, this.#rules)) tally.add(event.at, metric, label);
    const { counts } = tally;
    await addCounts(tx, step, withOthers(counts, await this.#labels.admit(tx, step, counts)));
  }
}

/** Gives which events were there already, with the batches that have brought them. */
async function insertEvents(tx: AppTransaction, events: readonly QueuedEvent[], number: number): Promise<ReadonlyMap<string, number>> {
  const known = await Promise.all(toSlices(events).map((slice) => insertSlice(tx, slice, number)));
  return new Map(known.flatMap((each) => [...each]));
}

async function insertSlice(tx: AppTransaction, events: readonly QueuedEvent[], number: number): Promise<ReadonlyMap<string, number>> {
  const rows = toRows(
    events.map(({ event: { id, at, type, visitor, path, properties }, batch }) => [
      id,
      batch,
      number,
      at,
      type,
      visitor ?? null,
      path ?? null,
      properties === undefined ? null : JSON.stringify(properties),
    ]),
  );
  const { changes } = await tx.query(
    `insert into activity_event (id, batch, stored, at, type, visitor, path, properties) values ${rows.text} on conflict (id) do nothing`,
    rows.values,
  );
  if (changes === events.length) return new Map();
  const found = await tx.query(`select id, batch from activity_event where id in ${placeholders(events.length)} and stored <> ?`, [
    ...events.map(({ event }) => event.id),
    number,
  ]);
  return new Map(found.rows.map(({ id, batch }) => [String(id), Number(batch)]));
}
