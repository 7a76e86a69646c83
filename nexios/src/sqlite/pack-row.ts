import { packCheck } from "../log/rows/columns.ts";
import { damagedPack, type Pack } from "../log/rows/pack.ts";
import type { Database } from "./database.ts";

/** Writes a pack's row. */
export function insertPack(db: Database, room: number, pack: Pack): void {
  db.run(
    `insert into nexios_pack (room, first_offset, last_offset, before_check, last_check, before_position, last_position, bytes, row_check)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
export function deletePack(db: Database, room: number, name: string, pack: Pack): void {
  if (db.run("delete from nexios_pack where room = ? and last_offset = ?", room, pack.lastOffset) !== 1) throw damagedPack(name, pack);
}
