import { NexiosError } from "../protocol/failure.ts";
import type { Changed, Checkpoint, Head, Millis, Offset, Outcome, Position, PublicEntry, StoredEntry } from "../log/log.ts";
import { toPublicEntry } from "../log/public-entry.ts";
import { isRemembered, verifyPublic } from "../log/seal.ts";
import { Database } from "./database.ts";
import { type Range, requireDense, selectEntries, selectPublicEntries, toVerified } from "./ranges.ts";
import { type RoomRow, toCheckpoint, toEntry, toHead, toOutcome, toRoom } from "./rows.ts";

/** Reads what is committed, on a connection that can't write. */
export class Reader {
  readonly #db: Database;
  readonly #now: () => Millis;

  constructor(file: string, now: () => Millis) {
    this.#db = new Database(file, { readOnly: true });
    this.#now = now;
  }

  head(room: string): Head | undefined {
    return this.#room(room)?.head;
  }

  /** How many entries are kept of a room, whole or public alone, and their bytes. */
  kept(room: string): { readonly entries: number; readonly bytes: number } {
    const row = this.#db.get("select entries, bytes from room where name = ?", room);
    return { entries: Number(row?.["entries"] ?? 0), bytes: Number(row?.["bytes"] ?? 0) };
  }

  /** The running check at an offset that is not before the last trimmed one. */
  checkAt(room: string, offset: Offset): number | undefined {
    const row = this.#db.get(checkAt, offset, offset, room);
    return typeof row?.["check"] === "number" ? row["check"] : undefined;
  }

  /** @throws NexiosError GAP or DAMAGED */
  read(name: string, after: Offset, limit: number): readonly StoredEntry[] {
    return this.#db.inSnapshot(() => {
      const room = this.#room(name);
      if (room === undefined) return [];
      const { head, id } = room;
      if (after + 1 < head.firstOffset) throw gap(name);
      const until = Math.min(head.offset, after + limit);
      const rows = this.#db.all(selectEntries, id, after, until);
      requireDense(name, rows, "offset", { after, until });
      return rows.map((row) => toVerified(name, room, row));
    });
  }

  /** @throws NexiosError GAP or DAMAGED */
  readPublic(name: string, after: Position, limit: number): readonly PublicEntry[] {
    return this.#db.inSnapshot(() => {
      const room = this.#room(name);
      if (room === undefined) return [];
      if (after + 1 < room.head.firstPosition) throw gap(name);
      return this.#publicEntries(name, room, { after, until: Math.min(room.head.position, after + limit) });
    });
  }

  /** Newest first. @throws NexiosError DAMAGED */
  readPublicBefore(name: string, before: Position, limit: number): readonly PublicEntry[] {
    return this.#db.inSnapshot(() => {
      const room = this.#room(name);
      if (room === undefined) return [];
      const until = Math.min(room.head.position, before - 1);
      return this.#publicEntries(name, room, { after: Math.max(room.head.firstPosition - 1, until - limit), until }).toReversed();
    });
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

  /** Whole entries are verified as such, public parts that stand alone against the public part before. */
  #publicEntries(name: string, room: RoomRow, range: Range): readonly PublicEntry[] {
    const rows = this.#db.all(selectPublicEntries, room.id, range.after, range.until);
    requireDense(name, rows, "position", range);
    let before = this.#publicCheckAt(room, range.after);
    return rows.flatMap((row) => {
      const isWhole = Number(row["offset"]) >= room.head.firstOffset;
      const entry = toPublicEntry(isWhole ? toVerified(name, room, row) : toEntry(row));
      if (entry === undefined) return [];
      if (!isWhole) verifyPublic(name, before, entry);
      before = entry.check;
      return [entry];
    });
  }

  #publicCheckAt({ id, head, trimmedPublicCheck }: RoomRow, position: Position): number {
    if (position < head.firstPosition) return trimmedPublicCheck;
    return Number(this.#db.get("select public_check from entry where room = ? and position = ?", id, position)?.["public_check"]);
  }

  #room(name: string): RoomRow | undefined {
    const row = this.#db.get("select * from room where name = ?", name);
    return row === undefined ? undefined : toRoom(row);
  }
}

const checkAt = `select iif(first_offset = ? + 1, trimmed_check, (select "check" from entry where room = room.id and "offset" = ?)) as "check" from room where name = ?`;

function gap(room: string): NexiosError {
  return new NexiosError("GAP", `Older entries of ${room} are gone: begin with a snapshot`);
}
