import type { StoredEntry } from "../log/log.ts";
import type { Database } from "./database.ts";
import { type Pack, readPack, unpack } from "../log/rows/pack.ts";
import type { Range } from "../log/rows/range.ts";
import type { RoomRow } from "../log/rows/room-row.ts";

/** What a range, or a place, is counted in. */
export type Measure = "offset" | "position";

/** The packs of rooms. The one that was unpacked last is remembered: who reads on in it pays once. */
export class Packs {
  readonly #db: Database;
  #unpacked: { readonly room: number; readonly pack: Pack; readonly entries: readonly StoredEntry[] } | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Packs that have something of a range, in order. @throws NexiosError DAMAGED */
  within({ id, name }: RoomRow, by: Measure, { after, until }: Range): readonly Pack[] {
    return this.#db.all(selectPacks[by], id, after, until).map((row) => readPack(name, row));
  }

  /** The pack that has a place. @throws NexiosError DAMAGED */
  holding(room: RoomRow, by: Measure, place: number): Pack | undefined {
    return this.within(room, by, { after: place - 1, until: place })[0];
  }

  /** The first pack that has something of a range of offsets. @throws NexiosError DAMAGED */
  first({ id, name }: RoomRow, { after, until }: Range): Pack | undefined {
    const row = this.#db.get(`${selectPacks.offset} limit 1`, id, after, until);
    return row === undefined ? undefined : readPack(name, row);
  }

  /** The newest pack. @throws NexiosError DAMAGED */
  last({ id, name }: RoomRow): Pack | undefined {
    const row = this.#db.get("select * from nexios_pack where room = ? order by last_offset desc limit 1", id);
    return row === undefined ? undefined : readPack(name, row);
  }

  /** @throws NexiosError DAMAGED */
  entriesOf({ id, name }: RoomRow, pack: Pack): readonly StoredEntry[] {
    const known = this.#unpacked;
    if (known !== undefined && known.room === id && isSamePack(known.pack, pack)) return known.entries;
    const entries = unpack(name, pack);
    this.#unpacked = { room: id, pack, entries };
    return entries;
  }
}

/** By their room, and a range: what lies before it and behind it is passed over in the index. */
export const selectPacks: Readonly<Record<Measure, string>> = {
  offset: "select * from nexios_pack where room = ? and last_offset > ? and first_offset <= ? order by last_offset",
  position: "select * from nexios_pack where room = ? and last_position > ? and before_position < ? order by last_position",
};

function isSamePack(one: Pack, other: Pack): boolean {
  const isSamePlace = one.firstOffset === other.firstOffset && one.beforeCheck === other.beforeCheck && one.lastCheck === other.lastCheck;
  return isSamePlace && Buffer.compare(one.bytes, other.bytes) === 0;
}
