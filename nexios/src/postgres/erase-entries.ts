import { keptBytes } from "../log/kept-bytes.ts";
import type { Offset, StoredEntry } from "../log/log.ts";
import { entryCheck } from "../log/rows/columns.ts";
import { type Pack, toPack, unpack } from "../log/rows/pack.ts";
import { missing } from "../log/rows/range.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { toEntry } from "../log/rows/rows.ts";
import type { Connection } from "./connection.ts";
import { deletePack, insertPack, packHolding } from "./packs.ts";

/** Takes content from entries. Returns how many bytes are gone. @throws NexiosError DAMAGED */
export async function eraseEntries(db: Connection, row: RoomRow, offsets: readonly Offset[]): Promise<number> {
  if (offsets.length === 0) return 0;
  const { id, name } = row;
  const rows = await db.all(`select * from nexios_entry where room = $1 and "offset" = any($2::bigint[])`, id, offsets);
  const entries = rows.map((each) => toEntry(name, each));
  const found = new Set(entries.map(({ offset }) => offset));
  await db.run(
    `update nexios_entry set bytes = '', public_bytes = null, erased = 1, row_check = given.row_check
      from unnest($2::bigint[], $3::bigint[]) as given ("offset", row_check) where room = $1 and nexios_entry."offset" = given."offset"`,
    id,
    entries.map(({ offset }) => offset),
    entries.map((entry) => entryCheck(id, { ...entry, erased: true })),
  );
  const gone = entries.reduce((sum, entry) => sum + keptBytes(entry), 0);
  return (
    gone +
    (await erasePacked(
      db,
      row,
      offsets.filter((offset) => !found.has(offset)),
    ))
  );
}

/** Each pack that has one is written anew. What is trimmed, or was never there, is passed over. Returns how many bytes are gone. */
async function erasePacked(db: Connection, row: RoomRow, offsets: readonly Offset[]): Promise<number> {
  let left = [...new Set(offsets)].toSorted((one, other) => one - other);
  let gone = 0;
  for (let first = left[0]; first !== undefined; first = left[0]) {
    const pack = await packHolding(db, row, "offset", first);
    const last = pack?.lastOffset ?? first;
    const erased = new Set(left.filter((offset) => offset <= last));
    left = left.filter((offset) => offset > last);
    if (pack !== undefined) gone += await eraseIn(db, row, pack, erased);
    else if (first >= row.head.firstOffset && first <= row.head.offset) throw missing(row.name);
  }
  return gone;
}

async function eraseIn(db: Connection, room: RoomRow, pack: Pack, offsets: ReadonlySet<Offset>): Promise<number> {
  const entries = unpack(room.name, pack).map((entry) => (offsets.has(entry.offset) ? toErased(entry) : entry));
  const next = toPack(pack.beforeCheck, entries);
  await deletePack(db, room, pack);
  await insertPack(db, room.id, next);
  return pack.bytes.length - next.bytes.length;
}

const empty = new Uint8Array();

function toErased(entry: StoredEntry): StoredEntry {
  return { ...entry, bytes: empty, erased: true, public: entry.public && { ...entry.public, bytes: empty } };
}
