import type { StoredEntry } from "../log/log.ts";
import { packCheck } from "../log/rows/columns.ts";
import { damagedPack, type Pack, readPack, unpack } from "../log/rows/pack.ts";
import type { Range } from "../log/rows/range.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import type { Connection } from "./connection.ts";

/** What a range, or a place, is counted in. */
export type Measure = "offset" | "position";

/** The pack that was unpacked last: who reads on in it pays once. */
export class LastPack {
  #last: { readonly room: number; readonly pack: Pack; readonly entries: readonly StoredEntry[] } | undefined;

  /** @throws NexiosError DAMAGED */
  entriesOf({ id, name }: RoomRow, pack: Pack): readonly StoredEntry[] {
    const known = this.#last;
    if (known !== undefined && known.room === id && isSamePack(known.pack, pack)) return known.entries;
    const entries = unpack(name, pack);
    this.#last = { room: id, pack, entries };
    return entries;
  }
}

/** Packs that have something of a range, in order; `limit` of them. @throws NexiosError DAMAGED */
export async function packsWithin(connection: Connection, { id, name }: RoomRow, by: Measure, { after, until }: Range, limit = 1e9): Promise<readonly Pack[]> {
  return (await connection.all(selectPacks[by], id, after, until, limit)).map((row) => readPack(name, row));
}

/** The pack that has a place. @throws NexiosError DAMAGED */
export async function packHolding(connection: Connection, room: RoomRow, by: Measure, place: number): Promise<Pack | undefined> {
  return (await packsWithin(connection, room, by, { after: place - 1, until: place }, 1))[0];
}

/** The newest pack. @throws NexiosError DAMAGED */
export async function newestPack(connection: Connection, { id, name }: RoomRow): Promise<Pack | undefined> {
  const row = await connection.get("select * from nexios_pack where room = $1 order by last_offset desc limit 1", id);
  return row === undefined ? undefined : readPack(name, row);
}

export async function insertPack(connection: Connection, room: number, pack: Pack): Promise<void> {
  await connection.run(
    `insert into nexios_pack (room, first_offset, last_offset, before_check, last_check, before_position, last_position, bytes, row_check)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    room,
    pack.firstOffset,
    pack.lastOffset,
    pack.beforeCheck,
    pack.lastCheck,
    pack.beforePosition,
    pack.lastPosition,
    pack.bytes,
    packCheck(room, pack),
  );
}

/** @throws NexiosError DAMAGED when it is not there. */
export async function deletePack(connection: Connection, { id, name }: RoomRow, pack: Pack): Promise<void> {
  if ((await connection.run("delete from nexios_pack where room = $1 and last_offset = $2", id, pack.lastOffset)) !== 1) throw damagedPack(name, pack);
}

/** By their room, and a range: what lies before it and behind it is passed over in the index. */
const selectPacks: Readonly<Record<Measure, string>> = {
  offset: "select * from nexios_pack where room = $1 and last_offset > $2 and first_offset <= $3 order by last_offset limit $4",
  position: "select * from nexios_pack where room = $1 and last_position > $2 and before_position < $3 order by last_position limit $4",
};

function isSamePack(one: Pack, other: Pack): boolean {
  const isSamePlace = one.firstOffset === other.firstOffset && one.beforeCheck === other.beforeCheck && one.lastCheck === other.lastCheck;
  return isSamePlace && Buffer.compare(one.bytes, other.bytes) === 0;
}
