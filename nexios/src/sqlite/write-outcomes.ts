import { keptOutcomeBytes } from "../log/kept-bytes.ts";
import type { LogLimits, Millis, Outcome } from "../log/log.ts";
import { outcomeCheck } from "../log/rows/columns.ts";
import type { Database, Row } from "./database.ts";
import { addOutcome, takeOutcome } from "../log/rows/outcome-totals.ts";
import type { OutcomeTotals, RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";
import { toOutcome } from "../log/rows/rows.ts";

/** What a room's outcomes come to after a batch. */
interface Kept {
  readonly totals: OutcomeTotals;
  readonly callsSince: Millis;
}

/** Keeps a batch's outcomes and forgets those whose time is over; past the limits the oldest too. It costs what comes and goes, not what is kept. */
export function writeOutcomes(db: Database, row: RoomRow, outcomes: readonly Outcome[], limits: LogLimits): Kept {
  const room = new RoomOutcomes(db, row);
  for (const outcome of outcomes) room.put(outcome);
  // What is left over is not answered, and goes with later batches; only where it counts must it go at once.
  for (const [condition, until] of [[plainBefore, row.head.callsSince] as const, [ended, row.changedAt] as const]) {
    let gone = pageRows;
    while (gone === pageRows) {
      gone = room.forgetPage(condition, until);
      if (!room.exceeds(limits)) break;
    }
  }
  let { callsSince } = row.head;
  while (room.exceeds(limits)) callsSince = Math.max(callsSince, room.forgetOldest() + 1);
  return { totals: room.totals, callsSince };
}

const pageRows = 512;
const plainBefore = "keep_until is null and at < ? order by at";
const ended = "keep_until <= ? order by keep_until";
const plainUntil = "keep_until is null and at <= ? order by at";
const endingUntil = "keep_until is not null and at <= ? order by at";

class RoomOutcomes {
  totals: OutcomeTotals;
  readonly #db: Database;
  readonly #room: RoomRow;

  constructor(db: Database, room: RoomRow) {
    this.#db = db;
    this.#room = room;
    this.totals = room.outcomes;
  }

  exceeds({ roomOutcomes, roomOutcomeBytes }: LogLimits): boolean {
    return this.totals.count > roomOutcomes || this.totals.bytes > roomOutcomeBytes;
  }

  put(outcome: Outcome): void {
    const check = outcomeCheck(this.#room.id, outcome);
    if (!this.#insert(outcome, check)) {
      const row = this.#db.get("select * from nexios_outcome where room = ? and key = ?", this.#room.id, outcome.key);
      if (row !== undefined) this.#take(row);
      if (!this.#insert(outcome, check)) throw damaged(`An outcome of ${this.#room.name}`);
    }
    this.totals = addOutcome(this.totals, keptOutcomeBytes(outcome), check);
  }

  /** How many have gone: less than a page when none is left. */
  forgetPage(condition: string, until: number): number {
    const rows = this.#db.all(`select * from nexios_outcome where room = ? and ${condition} limit ${pageRows}`, this.#room.id, until);
    for (const row of rows) this.#take(row);
    return rows.length;
  }

  /** Forgets the oldest, and all of its time. Returns that time. */
  forgetOldest(): Millis {
    const ages = ["is null", "is not null"].map((condition) =>
      this.#db.get(`select at from nexios_outcome where room = ? and keep_until ${condition} order by at limit 1`, this.#room.id),
    );
    const oldest = Math.min(...ages.map((row) => Number(row?.["at"] ?? Infinity)));
    const { count } = this.totals;
    for (const condition of [plainUntil, endingUntil]) while (this.forgetPage(condition, oldest) === pageRows);
    // Without this a row that only an index has would be looked for without end.
    if (this.totals.count === count) throw damaged(`An outcome of ${this.#room.name}`);
    return oldest;
  }

  #insert({ key, inputHash, at, bytes, keepUntil }: Outcome, check: number): boolean {
    const sql = "insert into nexios_outcome (room, key, input_hash, at, bytes, keep_until, row_check) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing";
    return this.#db.run(sql, this.#room.id, key, inputHash, at, bytes, keepUntil ?? null, check) > 0;
  }

  /** It goes only if it is what was written: a damaged one would be missed later, or has come here by its damage. */
  #take(row: Row): void {
    const outcome = toOutcome(this.#room.name, row);
    const taken = this.#db.run("delete from nexios_outcome where room = ? and key = ?", this.#room.id, outcome.key);
    if (taken !== 1) throw damaged(`An outcome of ${this.#room.name}`);
    this.totals = takeOutcome(this.totals, keptOutcomeBytes(outcome), outcomeCheck(this.#room.id, outcome));
  }
}
