import { keptBytesOf } from "../log/kept-bytes.ts";
import type { Offset, StoredEntry, Trim } from "../log/log.ts";
import { packLength } from "../log/pack-length.ts";
import type { Database } from "./database.ts";
import { insertEntry } from "./insert-entry.ts";
import { type Pack, toPack, unpack } from "../log/rows/pack.ts";
import { missing } from "../log/rows/range.ts";
import { deletePack, insertPack } from "./pack-row.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";
import { StoredEntries } from "./stored-entries.ts";

/** Moves the oldest entries that are not packed out of their rows. Returns the room's row as it must be written then; `undefined` when they are too few. */
export function packRoom(db: Database, row: RoomRow, through: Offset, entries: number): RoomRow | undefined {
  const { id, name, head } = row;
  const stored = new StoredEntries(db);
  const after = Math.max(head.firstOffset - 1, stored.packs.last(row)?.lastOffset ?? 0);
  const sizes = db.all(selectSizes, id, after, Math.min(through, row.checkpoint ?? 0), entries);
  const length = packLength(
    sizes.map(({ bytes }) => Number(bytes)),
    entries,
  );
  if (length === undefined) return undefined;
  const moved = stored.read(row, { after, until: after + length });
  const pack = toPack(stored.checkAt(row, after), moved);
  // They are gone with their rows: it is certain that they can be read before they are.
  unpack(name, pack);
  if (db.run(`delete from nexios_entry where room = ? and "offset" > ? and "offset" <= ?`, id, after, after + length) !== length)
    throw damaged(`An entry of ${name}`);
  insertPack(db, id, pack);
  return { ...row, bytes: row.bytes - keptBytesOf(moved) + pack.bytes.length };
}

/** Their sizes alone: content of which too much waits is not read. */
const selectSizes = `select length(bytes) + coalesce(length(public_bytes), 0) as bytes from nexios_entry
  where room = ? and "offset" > ? and "offset" <= ? order by "offset" limit ?`;

/** Takes content from packed entries: each pack that has one is written anew. What is trimmed, or was never there, is passed over. Returns how many bytes are gone. */
export function erasePacked(db: Database, row: RoomRow, offsets: readonly Offset[]): number {
  const { packs } = new StoredEntries(db);
  let left = [...new Set(offsets)].toSorted((one, other) => one - other);
  let gone = 0;
  for (let first = left[0]; first !== undefined; first = left[0]) {
    const pack = packs.holding(row, "offset", first);
    const last = pack?.lastOffset ?? first;
    const erased = new Set(left.filter((offset) => offset <= last));
    left = left.filter((offset) => offset > last);
    if (pack !== undefined) gone += eraseIn(db, row, pack, erased);
    else if (first >= row.head.firstOffset && first <= row.head.offset) throw missing(row.name);
  }
  return gone;
}

function eraseIn(db: Database, { id, name }: RoomRow, pack: Pack, offsets: ReadonlySet<Offset>): number {
  const entries = unpack(name, pack).map((entry) => (offsets.has(entry.offset) ? toErased(entry) : entry));
  const next = toPack(pack.beforeCheck, entries);
  deletePack(db, id, name, pack);
  insertPack(db, id, next);
  return pack.bytes.length - next.bytes.length;
}

const empty = new Uint8Array();

function toErased(entry: StoredEntry): StoredEntry {
  return { ...entry, bytes: empty, erased: true, public: entry.public && { ...entry.public, bytes: empty } };
}

/**
 * Before a trim, which lets go of rows alone: packs of which nothing is left go whole, unread, and those that are cut go back to rows. Returns the room's row as it is
 * then. It costs what goes, and the packs of which a part stays.
 */
export function openPacks(db: Database, row: RoomRow, to: Trim): RoomRow {
  const { packs } = new StoredEntries(db);
  const range = { after: row.head.firstOffset - 1, until: to.offset };
  let { entries, bytes } = row;
  // One by one: together they may be more than memory.
  for (let pack = packs.first(row, range); pack !== undefined; pack = packs.first(row, range)) {
    deletePack(db, row.id, row.name, pack);
    bytes -= pack.bytes.length;
    if (pack.lastOffset <= to.offset && pack.lastPosition <= to.position) entries -= pack.lastOffset + 1 - pack.firstOffset;
    else {
      const kept = unpack(row.name, pack);
      for (const entry of kept) insertEntry(db, row.id, entry);
      bytes += keptBytesOf(kept);
    }
  }
  return { ...row, entries, bytes };
}
