import { NexiosError } from "../protocol/failure.ts";
import type { Changed, Checkpoint, Head, Millis, Offset, Outcome, Position, PublicEntry, StoredEntry } from "../log/log.ts";
import { toPublicEntry } from "../log/public-entry.ts";
import { isRemembered, verify } from "../log/seal.ts";
import { Database } from "./database.ts";
import { toCheckpoint, toEntry, toHead, toOutcome } from "./rows.ts";

/** Reads what is committed, on a connection that can't write. */
export class Reader {
  readonly #db: Database;
  readonly #now: () => Millis;

  constructor(file: string, now: () => Millis) {
    this.#db = new Database(file, { readOnly: true });
    this.#now = now;
  }

  head(room: string): Head | undefined {
    const row = this.#db.get("select * from room where name = ?", room);
    return row === undefined ? undefined : toHead(row);
  }

  bytes(room: string): number {
    return Number(this.#db.get("select bytes from room where name = ?", room)?.["bytes"] ?? 0);
  }

  checkAt(room: string, offset: Offset): number | undefined {
    if (offset === 0) return 0;
    const row = this.#db.get(`select "check" from entry where room = (select id from room where name = ?) and "offset" = ?`, room, offset);
    return row === undefined ? undefined : Number(row["check"]);
  }

  /** @throws NexiosError GAP or DAMAGED */
  read(room: string, after: Offset, limit: number): readonly StoredEntry[] {
    const head = this.head(room);
    if (head === undefined) return [];
    if (after + 1 < head.firstOffset) throw gap(room);
    const entries = this.#entries(room, `e."offset" > ? order by e."offset"`, after, limit);
    this.#requireDense(
      room,
      entries.map(({ offset }) => offset),
      after,
      Math.min(head.offset, after + limit),
    );
    return entries;
  }

  /** @throws NexiosError GAP or DAMAGED */
  readPublic(room: string, after: Position, limit: number): readonly PublicEntry[] {
    const head = this.head(room);
    if (head === undefined) return [];
    if (after + 1 < head.firstPosition) throw gap(room);
    const entries = this.#publicEntries(room, "e.position > ? order by e.position", after, limit);
    this.#requireDense(
      room,
      entries.map(({ position }) => position),
      after,
      Math.min(head.position, after + limit),
    );
    return entries;
  }

  readPublicBefore(room: string, before: Position, limit: number): readonly PublicEntry[] {
    return this.#publicEntries(room, "e.position < ? order by e.position desc", before, limit);
  }

  outcomes(room: string, keys: readonly string[], head: Head): readonly Outcome[] {
    const now = this.#now();
    const found = keys.map((key) => this.#db.get("select * from outcome where room = (select id from room where name = ?) and key = ?", room, key));
    return found.flatMap((row) => (row === undefined ? [] : [toOutcome(row)])).filter((outcome) => isRemembered(outcome, head, now));
  }

  checkpoint(room: string): Checkpoint | undefined {
    const row = this.#db.get("select * from checkpoint where room = (select id from room where name = ?)", room);
    return row === undefined ? undefined : toCheckpoint(row);
  }

  changedSince(since: Millis): readonly Changed[] {
    return this.#db.all("select * from room where changed_at >= ?", since).map((row) => ({ room: String(row["name"]), head: toHead(row) }));
  }

  due(now: Millis, limit: number): readonly Changed[] {
    return this.#db
      .all("select * from room where wake_at <= ? order by wake_at limit ?", now, limit)
      .map((row) => ({ room: String(row["name"]), head: toHead(row) }));
  }

  close(): void {
    this.#db.close();
  }

  /** Each is checked against the one before it, if that is kept. */
  #entries(room: string, condition: string, bound: number, limit: number): readonly StoredEntry[] {
    const rows = this.#db.all(
      `select e.*, before."check" as before_check from entry e left join entry before on before.room = e.room and before."offset" = e."offset" - 1
       where e.room = (select id from room where name = ?) and ${condition} limit ?`,
      room,
      bound,
      limit,
    );
    return rows.map((row) => {
      const entry = toEntry(row);
      const before = entry.offset === 1 ? 0 : row["before_check"];
      if (typeof before === "number") verify(room, before, entry);
      return entry;
    });
  }

  #publicEntries(room: string, condition: string, bound: number, limit: number): readonly PublicEntry[] {
    return this.#entries(room, condition, bound, limit)
      .map(toPublicEntry)
      .filter((entry) => entry !== undefined);
  }

  /** What is missing in the middle was there once. */
  #requireDense(room: string, numbers: readonly number[], after: number, until: number): void {
    const isDense = numbers.every((number, index) => number === after + 1 + index) && numbers.length === Math.max(0, until - after);
    if (!isDense) throw new NexiosError("DAMAGED", `Entries of ${room} are missing: restore the store from a backup`);
  }
}

function gap(room: string): NexiosError {
  return new NexiosError("GAP", `Older entries of ${room} are gone: begin with a snapshot`);
}
