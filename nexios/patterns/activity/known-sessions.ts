import type { AppTransaction } from "nexios";
import type { Presence } from "./known-visitors.ts";
import { Recency } from "./recency.ts";
import { joinSessions, type Session, type Stay, withMoment } from "./sessions.ts";
import { placeholders, toRows, toSlices } from "./tables.ts";

/** Visitors whose sessions are remembered; of more, those that were used longest ago are read again. */
const mostRemembered = 50_000;
/** A visitor with more sessions is read each time. */
const mostOfOne = 4;
/** Visitors whose sessions wait: with more it is time to settle. */
const mostWaiting = 50_000;
/** Visitors of one transaction, since others wait for it. */
const settledAtOnce = 2_500;

/** Beginnings of sessions that came and went. */
export interface SessionStarts {
  readonly begun: readonly number[];
  readonly unbegun: readonly number[];
}

/** Who was there, and the commits that have noted it. */
interface Notes {
  readonly stays: Map<string, Stay[]>;
  readonly numbers: number[];
}

/**
 * Visitors' sessions, the same in whatever order their events come. To move on the sessions of very many visitors with each commit would write the whole table again and
 * again: so a commit notes who was there in one row, and `settle` moves the sessions on, for all that was noted. What is noted may be settled again: the same moments change
 * nothing. Belongs to one writer at a time.
 */
export class KnownSessions {
  /** All that a visitor has. */
  readonly #known = new Recency<readonly Session[]>(mostRemembered);
  /** What is noted in the store; `undefined`: not known. */
  #notes: Notes | undefined;
  /** Of notes that are being settled what is left. */
  #settling: Notes | undefined;
  /** Others write too, and what they have noted was not read since. */
  #isHandedOver = false;

  /** Whether there may be something to settle. */
  get isWaiting(): boolean {
    return this.#notes === undefined || this.#notes.numbers.length > 0 || this.#settling !== undefined;
  }

  /** Whether so much is noted that it is time to settle. */
  get isFull(): boolean {
    return (this.#notes?.stays.size ?? 0) >= mostWaiting;
  }

  /** Notes who was there. `number` is that of no other commit. */
  async note(tx: AppTransaction, presences: readonly Presence[], number: number): Promise<void> {
    if (presences.length === 0) return;
    // Behind another process it would be read with each commit: it is read when it is settled.
    const notes = this.#isHandedOver ? this.#notes : await this.#load(tx);
    for (const presence of presences) if (notes !== undefined) addTo(notes.stays, presence);
    notes?.numbers.push(number);
    await tx.query("insert into activity_note (stored, presences) values (?, ?)", [number, JSON.stringify(presences.map(({ visitor, at }) => [visitor, at]))]);
  }

  /** Moves on the sessions of some visitors by what is noted; it is to be called again until nothing waits. */
  async settle(tx: AppTransaction): Promise<SessionStarts> {
    if (this.#settling === undefined) {
      this.#settling = await this.#load(tx);
      this.#notes = { stays: new Map(), numbers: [] };
    }
    const { stays, numbers } = this.#settling;
    const [begun, unbegun]: [number[], number[]] = [[], []];
    // A slice at a time, so that the event loop is held by none for long.
    for (const visitors of toSlices([...stays.keys()].slice(0, settledAtOnce))) {
      const starts = await this.#settleSome(tx, visitors, stays);
      begun.push(...starts.begun);
      unbegun.push(...starts.unbegun);
      for (const visitor of visitors) stays.delete(visitor);
    }
    if (stays.size === 0) {
      for (const slice of toSlices(numbers)) await tx.query(`delete from activity_note where stored in (${slice.join(",")})`);
      this.#settling = undefined;
    }
    return { begun, unbegun };
  }

  /** Another process has written: what it has noted, and how far it has moved sessions on, is read again. What is being settled may be settled twice. */
  readAgain(): void {
    this.#known.clear();
    this.#notes = undefined;
    this.#isHandedOver = true;
  }

  /** For a transaction that has failed: what it has added is not there. */
  clear(): void {
    this.#known.clear();
    this.#notes = undefined;
    this.#settling = undefined;
  }

  async #settleSome(tx: AppTransaction, visitors: readonly string[], stays: Notes["stays"]): Promise<SessionStarts> {
    const known = await this.#read(tx, visitors);
    const changes = visitors.map((visitor) => joinSessions(visitor, known.get(visitor) ?? [], stays.get(visitor) ?? []));
    const gone = changes.flatMap((change) => change.gone);
    const changed = changes.flatMap((change) => change.changed);
    for (const [index, { after }] of changes.entries()) if (after.length <= mostOfOne) this.#known.set(visitors[index] ?? "", after);
    for (const { visitor, firstAt } of gone) await tx.query("delete from activity_session where visitor = ? and first_at = ?", [visitor, firstAt]);
    for (const slice of toSlices(changed)) {
      const { text, values } = toRows(slice.map(({ visitor, firstAt, lastAt }) => [visitor, firstAt, lastAt]));
      await tx.query(
        `insert into activity_session (visitor, first_at, last_at) values ${text} on conflict (visitor, first_at) do update set last_at = excluded.last_at`,
        values,
      );
    }
    return { begun: changes.flatMap(({ begun }) => begun), unbegun: gone.map(({ firstAt }) => firstAt) };
  }

  async #load(tx: AppTransaction): Promise<Notes> {
    if (this.#notes !== undefined) return this.#notes;
    const notes: Notes = { stays: new Map(), numbers: [] };
    for (const { stored, presences } of (await tx.query("select stored, presences from activity_note")).rows) {
      notes.numbers.push(Number(stored));
      // Nobody else writes there.
      for (const [visitor, at] of JSON.parse(String(presences)) as readonly (readonly [string, number])[]) addTo(notes.stays, { visitor, at });
    }
    this.#notes = notes;
    this.#isHandedOver = false;
    return notes;
  }

  async #read(tx: AppTransaction, visitors: readonly string[]): Promise<ReadonlyMap<string, readonly Session[]>> {
    const known = new Map<string, readonly Session[]>();
    const unknown: string[] = [];
    for (const visitor of visitors) {
      const sessions = this.#known.peek(visitor);
      if (sessions === undefined) unknown.push(visitor);
      else known.set(visitor, sessions);
    }
    if (unknown.length === 0) return known;
    for (const [visitor, sessions] of Map.groupBy(await load(tx, unknown), (session) => session.visitor)) known.set(visitor, sessions);
    return known;
  }
}

function addTo(all: Notes["stays"], { visitor, at }: Presence): void {
  const stays = all.get(visitor);
  if (stays === undefined) all.set(visitor, [{ firstAt: at, lastAt: at }]);
  else withMoment(stays, at);
}

async function load(tx: AppTransaction, visitors: readonly string[]): Promise<readonly Session[]> {
  const { rows } = await tx.query(`select visitor, first_at, last_at from activity_session where visitor in ${placeholders(visitors.length)}`, visitors);
  return rows.map((row) => ({ visitor: String(row["visitor"]), firstAt: Number(row["first_at"]), lastAt: Number(row["last_at"]) }));
}
