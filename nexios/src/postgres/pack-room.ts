import { keptBytesOf } from "../log/kept-bytes.ts";
import type { Offset, Trim } from "../log/log.ts";
import { packLength } from "../log/pack-length.ts";
import { toPack, unpack } from "../log/rows/pack.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { damaged } from "../log/rows/row-check.ts";
import type { Connection } from "./connection.ts";
import { insertEntries } from "./entry-rows.ts";
import { deletePack, insertPack, newestPack, packsWithin } from "./packs.ts";
import { StoredEntries } from "./stored-entries.ts";

/** Moves the oldest entries that are not packed out of their rows. Returns the room's row as it must be written then; `undefined` when they are too few. */
export async function packRoom(db: Connection, row: RoomRow, through: Offset, entries: number): Promise<RoomRow | undefined> {
  const { id, name, head } = row;
  const stored = new StoredEntries(db);
  const after = Math.max(head.firstOffset - 1, (await newestPack(db, row))?.lastOffset ?? 0);
  const sizes = await db.all(selectSizes, id, after, Math.min(through, row.checkpoint ?? 0), Math.max(0, entries));
  const length = packLength(
    sizes.map(({ bytes }) => Number(bytes)),
    entries,
  );
  if (length === undefined) return undefined;
  const moved = await stored.read(row, { after, until: after + length });
  const pack = toPack(await stored.checkAt(row, after), moved);
  // They are gone with their rows: it is certain that they can be read before they are.
  unpack(name, pack);
  if ((await db.run(`delete from nexios_entry where room = $1 and "offset" > $2 and "offset" <= $3`, id, after, after + length)) !== length)
    throw damaged(`An entry of ${name}`);
  await insertPack(db, id, pack);
  return { ...row, bytes: row.bytes - keptBytesOf(moved) + pack.bytes.length };
}

/** Their sizes alone: content of which too much waits is not read. */
const selectSizes = `select octet_length(bytes) + coalesce(octet_length(public_bytes), 0) as bytes from nexios_entry
  where room = $1 and "offset" > $2 and "offset" <= $3 order by "offset" limit $4`;

/**
 * Before a trim, which lets go of rows alone: packs of which nothing is left go whole, unread, and those that are cut go back to rows. Returns the room's row as it is
 * then. It costs what goes, and the packs of which a part stays.
 */
export async function openPacks(db: Connection, row: RoomRow, to: Trim): Promise<RoomRow> {
  const range = { after: row.head.firstOffset - 1, until: to.offset };
  let { entries, bytes } = row;
  // One by one: together they may be more than memory.
  for (let [pack] = await packsWithin(db, row, "offset", range, 1); pack !== undefined; [pack] = await packsWithin(db, row, "offset", range, 1)) {
    await deletePack(db, row, pack);
    bytes -= pack.bytes.length;
    if (pack.lastOffset <= to.offset && pack.lastPosition <= to.position) entries -= pack.lastOffset + 1 - pack.firstOffset;
    else {
      const kept = unpack(row.name, pack);
      await insertEntries(db, row.id, kept);
      bytes += keptBytesOf(kept);
    }
  }
  return { ...row, entries, bytes };
}
