import { NexiosError } from "../protocol/failure.ts";
import type { Changed, Checkpoint, Millis, Offset, Outcome, Position, PublicEntry, StoredEntry } from "../log/log.ts";
import { isRemembered } from "../log/seal.ts";
import { isStorableText } from "../log/storable.ts";
import { Database, type Row } from "./database.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";
import { toCheckpoint, toOutcome, toRoom } from "../log/rows/rows.ts";
import { StoredEntries } from "./stored-entries.ts";

/** Reads what is committed, on a connection that can't write. */
export class Reader {
  readonly #db: Database;
  readonly #entries: StoredEntries;
  readonly #now: () => Millis;

  constructor(file: string, now: () => Millis) {
    this.#db = new Database(file, { readOnly: true });
    this.#entries = new StoredEntries(this.#db);
    this.#now = now;
  }

  /** A room's row. @throws NexiosError DAMAGED */
  room(name: string): RoomRow | undefined {
    const row = this.#db.get("select * from nexios_room where name = ?", name);
    return row === undefined ? undefined : toRoom(row);
  }

  /** The running check at an offset that is not before the last trimmed one, nor past the head. @throws NexiosError DAMAGED */
  checkAt(room: RoomRow, offset: Offset): number {
    return this.#db.inSnapshot(() => this.#entries.checkAt(room, offset));
  }

  /** @throws NexiosError GAP or DAMAGED */
  read(name: string, after: Offset, limit: number): readonly StoredEntry[] {
    return this.#db.inSnapshot(() => {
      const room = this.room(name);
      if (room === undefined) return [];
      if (after + 1 < room.head.firstOffset) throw gap(name);
      return this.#entries.read(room, { after, until: Math.min(room.head.offset, after + limit) });
    });
  }

  /** @throws NexiosError GAP or DAMAGED */
  readPublic(name: string, after: Position, limit: number): readonly PublicEntry[] {
    return this.#db.inSnapshot(() => {
      const room = this.room(name);
      if (room === undefined) return [];
      if (after + 1 < room.head.firstPosition) throw gap(name);
      return this.#entries.readPublic(room, { after, until: Math.min(room.head.position, after + limit) });
    });
  }

  /** Newest first. @throws NexiosError DAMAGED */
  readPublicBefore(name: string, before: Position, limit: number): readonly PublicEntry[] {
    return this.#db.inSnapshot(() => {
      const room = this.room(name);
      if (room === undefined) return [];
      const until = Math.min(room.head.position, before - 1);
      return this.#entries.readPublic(room, { after: Math.max(room.head.firstPosition - 1, until - limit), until }).toReversed();
    });
  }

  /** What is remembered of these keys. @throws NexiosError DAMAGED */
  outcomes({ id, name, head }: RoomRow, keys: readonly string[]): readonly Outcome[] {
    const now = this.#now();
    // SQLite would look for another text than one that is not well-formed.
    const rows = keys.filter(isStorableText).map((key) => this.#db.get("select * from nexios_outcome where room = ? and key = ?", id, key));
    return rows.flatMap((row) => (row === undefined ? [] : [toOutcome(name, row)])).filter((outcome) => isRemembered(outcome, head, now));
  }

  /** A room's outcomes in the order of their keys. @throws NexiosError DAMAGED */
  outcomesAfter({ id, name }: RoomRow, key: string | undefined, limit: number): readonly Outcome[] {
    const rows =
      key === undefined
        ? this.#db.all("select * from nexios_outcome where room = ? order by key limit ?", id, limit)
        : this.#db.all("select * from nexios_outcome where room = ? and key > ? order by key limit ?", id, key, limit);
    return rows.map((row) => toOutcome(name, row));
  }

  /** @throws NexiosError DAMAGED */
  checkpoint(name: string): Checkpoint | undefined {
    return this.#db.inSnapshot(() => {
      const room = this.room(name);
      const row = room === undefined ? undefined : this.#db.get("select * from nexios_checkpoint where room = ?", room.id);
      const checkpoint = row === undefined ? undefined : toCheckpoint(name, row);
      if (checkpoint?.offset !== room?.checkpoint) throw damaged(`The checkpoint of ${name}`);
      return checkpoint;
    });
  }

  changedSince(since: Millis): readonly Changed[] {
    return this.#found("where changed_at >= ?", since);
  }

  heads(names: readonly string[]): readonly Changed[] {
    return names.flatMap((name) => {
      const room = unlessDamaged(() => this.room(name));
      return room === undefined ? [] : [{ room: name, head: room.head }];
    });
  }

  due(now: Millis, limit: number): readonly Changed[] {
    return this.#found("where wake_at <= ? order by wake_at limit ?", now, limit);
  }

  close(): void {
    this.#db.close();
  }

  /** Rooms of which the row is what was written: a damaged one is told by its own reads, and must not keep the others from being found. */
  #found(condition: string, ...values: readonly number[]): readonly Changed[] {
    return this.#rows(condition, values).flatMap((row) => {
      const room = unlessDamaged(() => toRoom(row));
      return room === undefined ? [] : [{ room: room.name, head: room.head }];
    });
  }

  #rows(condition: string, values: readonly number[]): readonly Row[] {
    const together = unlessDamaged(() => this.#db.all(`select * from nexios_room ${condition}`, ...values));
    if (together !== undefined) return together;
    // One row that can't be read fails the query of all.
    const ids = this.#db.all(`select id from nexios_room ${condition}`, ...values);
    return ids.map(({ id }) => unlessDamaged(() => this.#db.get("select * from nexios_room where id = ?", Number(id)))).filter((row) => row !== undefined);
  }
}

function unlessDamaged<Value>(run: () => Value): Value | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof NexiosError && error.code === "DAMAGED") return undefined;
    throw error;
  }
}

function gap(room: string): NexiosError {
  return new NexiosError("GAP", `Older entries of ${room} are gone: begin with a snapshot`);
}
