import type { StoredEntry } from "../log/log.ts";
import type { Database } from "./database.ts";
import { type Pack, readPack, unpack } from "../log/rows/pack.ts";
import type { Range } from "../log/rows/range.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { deletePack } from "./pack-row.ts";
import { deleteRun, entriesOfRun, readRun } from "./run.ts";

/** What a range, or a place, is counted in. */
export type Measure = "offset" | "position";

/** A pack, or a run that is not packed yet. */
export interface PackOrRun extends Pack {
  readonly isRun: boolean;
}

/** The packs and runs of rooms. The one that was unpacked last is remembered: who reads on in it pays once. */
export class Packs {
  readonly #db: Database;
  #unpacked: { readonly room: number; readonly pack: PackOrRun; readonly entries: readonly StoredEntry[] } | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Those that have something of a range, in order. @throws NexiosError DAMAGED */
  within(room: RoomRow, by: Measure, range: Range): readonly PackOrRun[] {
    return inOrder([...this.#select(room, selectPacks[by], range, false), ...this.#select(room, selectRuns[by], range, true)]);
  }

  /** The one that has a place. @throws NexiosError DAMAGED */
  holding(room: RoomRow, by: Measure, place: number): PackOrRun | undefined {
    return this.within(room, by, { after: place - 1, until: place })[0];
  }

  /** The first that has something of a range of offsets. @throws NexiosError DAMAGED */
  first(room: RoomRow, range: Range): PackOrRun | undefined {
    return inOrder([
      ...this.#select(room, `${selectPacks.offset} limit 1`, range, false),
      ...this.#select(room, `${selectRuns.offset} limit 1`, range, true),
    ])[0];
  }

  /** The first run that has something of a range of offsets. @throws NexiosError DAMAGED */
  firstRun(room: RoomRow, range: Range): PackOrRun | undefined {
    return this.#select(room, `${selectRuns.offset} limit 1`, range, true)[0];
  }

  /** The newest pack. @throws NexiosError DAMAGED */
  last({ id, name }: RoomRow): Pack | undefined {
    const row = this.#db.get("select * from nexios_pack where room = ? order by last_offset desc limit 1", id);
    return row === undefined ? undefined : readPack(name, row);
  }

  /** @throws NexiosError DAMAGED */
  entriesOf({ id, name }: RoomRow, pack: PackOrRun): readonly StoredEntry[] {
    const known = this.#unpacked;
    if (known !== undefined && known.room === id && isSamePack(known.pack, pack)) return known.entries;
    const entries = pack.isRun ? entriesOfRun(name, pack) : unpack(name, pack);
    this.#unpacked = { room: id, pack, entries };
    return entries;
  }

  /** @throws NexiosError DAMAGED when it is not there. */
  delete({ id, name }: RoomRow, pack: PackOrRun): void {
    if (pack.isRun) deleteRun(this.#db, id, name, pack);
    else deletePack(this.#db, id, name, pack);
  }

  #select({ id, name }: RoomRow, sql: string, { after, until }: Range, isRun: boolean): readonly PackOrRun[] {
    return this.#db.all(sql, id, after, until).map((row) => ({ ...(isRun ? readRun(name, row) : readPack(name, row)), isRun }));
  }
}

/** By their room, and a range: what lies before it and behind it is passed over in the index. */
export const selectPacks: Readonly<Record<Measure, string>> = selectFrom("nexios_pack");
export const selectRuns: Readonly<Record<Measure, string>> = selectFrom("nexios_run");

function selectFrom(table: string): Readonly<Record<Measure, string>> {
  return {
    offset: `select * from ${table} where room = ? and last_offset > ? and first_offset <= ? order by last_offset`,
    position: `select * from ${table} where room = ? and last_position > ? and before_position < ? order by last_position`,
  };
}

function inOrder(packs: readonly PackOrRun[]): readonly PackOrRun[] {
  return packs.toSorted((one, other) => one.lastOffset - other.lastOffset);
}

function isSamePack(one: PackOrRun, other: PackOrRun): boolean {
  const isSamePlace = one.firstOffset === other.firstOffset && one.beforeCheck === other.beforeCheck && one.lastCheck === other.lastCheck;
  return isSamePlace && one.isRun === other.isRun && Buffer.compare(one.bytes, other.bytes) === 0;
}
