import { keptOutcomeBytes } from "../log/kept-bytes.ts";
import type { LogLimits, Millis, Outcome } from "../log/log.ts";
import { outcomeCheck } from "../log/rows/columns.ts";
import { addOutcome, takeOutcome } from "../log/rows/outcome-totals.ts";
import type { OutcomeTotals, RoomRow } from "../log/rows/room-row.ts";
import { damaged, type Row } from "../log/rows/row-check.ts";
import { toOutcome } from "../log/rows/rows.ts";
import type { Connection } from "./connection.ts";

/** What a room's outcomes come to after a batch. */
interface Kept {
  readonly totals: OutcomeTotals;
  readonly callsSince: Millis;
  /** What was sent and need not be waited for before the commit is. */
  readonly sent: readonly Promise<unknown>[];
}

/** What a batch goes by that keeps outcomes. */
export interface KnownOutcomes {
  /** Keys that have no row. */
  readonly absent: ReadonlySet<string>;
  readonly limits: Pick<LogLimits, "roomOutcomes" | "roomOutcomeBytes">;
}

/** Outcomes whose time is over are not answered: they are deleted together, each time that so many more have come, or where they count. */
const comeBetween = 64;
const pageRows = 512;

/**
 * Keeps a batch's outcomes and forgets those whose time is over; past the limits the oldest too. It costs what comes and goes, not what is kept.
 */
export async function writeOutcomes(db: Connection, row: RoomRow, outcomes: readonly Outcome[], { absent, limits }: KnownOutcomes): Promise<Kept> {
  let { callsSince } = row.head;
  if (outcomes.length === 0) return { totals: row.outcomes, callsSince, sent: [] };
  const room = new RoomOutcomes(db, row);
  const sent = await room.put(outcomes, absent);
  const mayForget = Math.floor(row.outcomes.count / comeBetween) !== Math.floor(room.totals.count / comeBetween);
  for (const [condition, until] of [[plainBefore, callsSince] as const, [ended, row.changedAt] as const]) {
    let gone = mayForget || room.exceeds(limits) ? pageRows : 0;
    while (gone === pageRows) {
      gone = await room.forgetPage(condition, until);
      if (!room.exceeds(limits)) break;
    }
  }
  while (room.exceeds(limits)) callsSince = Math.max(callsSince, (await room.forgetOldest()) + 1);
  return { totals: room.totals, callsSince, sent };
}

const plainBefore = "keep_until is null and at < $2 order by at";
const ended = "keep_until <= $2 order by keep_until";
const plainUntil = "keep_until is null and at <= $2 order by at";
const endingUntil = "keep_until is not null and at <= $2 order by at";

class RoomOutcomes {
  totals: OutcomeTotals;
  readonly #db: Connection;
  readonly #room: RoomRow;

  constructor(db: Connection, room: RoomRow) {
    this.#db = db;
    this.#room = room;
    this.totals = room.outcomes;
  }

  exceeds({ roomOutcomes, roomOutcomeBytes }: KnownOutcomes["limits"]): boolean {
    return this.totals.count > roomOutcomes || this.totals.bytes > roomOutcomeBytes;
  }

  /** Of one key the last stays. Returns what was sent. */
  async put(outcomes: readonly Outcome[], absent: ReadonlySet<string>): Promise<readonly Promise<unknown>[]> {
    const { id } = this.#room;
    const byKey = new Map(outcomes.map((outcome) => [outcome.key, outcome]));
    const unsure = [...byKey.keys()].filter((key) => !absent.has(key));
    if (unsure.length > 0) this.#take(await this.#db.all("delete from nexios_outcome where room = $1 and key = any($2::text[]) returning *", id, unsure));
    const all = [...byKey.values()];
    const checks = all.map((outcome) => outcomeCheck(id, outcome));
    const sent = this.#db.run(
      insert,
      id,
      all.map(({ key }) => key),
      all.map(({ inputHash }) => inputHash),
      all.map(({ at }) => at),
      all.map(({ bytes }) => bytes),
      all.map(({ keepUntil }) => keepUntil ?? null),
      checks,
    );
    // Whoever waits for the commit hears of it.
    sent.catch(() => undefined);
    for (const [index, outcome] of all.entries()) this.totals = addOutcome(this.totals, keptOutcomeBytes(outcome), checks[index] ?? 0);
    return [sent];
  }

  /** How many have gone: less than a page when none is left. */
  async forgetPage(condition: string, until: number): Promise<number> {
    const sql = `delete from nexios_outcome where room = $1 and key in (select key from nexios_outcome where room = $1 and ${condition} limit ${pageRows}) returning *`;
    const rows = await this.#db.all(sql, this.#room.id, until);
    this.#take(rows);
    return rows.length;
  }

  /** Forgets the oldest, and all of its time. Returns that time. */
  async forgetOldest(): Promise<Millis> {
    const row = await this.#db.get("select min(at) as at from nexios_outcome where room = $1", this.#room.id);
    const oldest = Number(row?.["at"] ?? Infinity);
    const { count } = this.totals;
    for (const condition of [plainUntil, endingUntil]) while ((await this.forgetPage(condition, oldest)) === pageRows);
    // Without this a row that only an index has would be looked for without end.
    if (this.totals.count === count) throw damaged(`An outcome of ${this.#room.name}`);
    return oldest;
  }

  /** They go only if they are what was written: a damaged one would be missed later, or has come here by its damage. */
  #take(rows: readonly Row[]): void {
    for (const row of rows) {
      const outcome = toOutcome(this.#room.name, row);
      this.totals = takeOutcome(this.totals, keptOutcomeBytes(outcome), outcomeCheck(this.#room.id, outcome));
    }
  }
}

const insert = `insert into nexios_outcome (room, key, input_hash, at, bytes, keep_until, row_check)
  select $1, * from unnest($2::text[], $3::text[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bigint[])`;
