import { DatabaseSync } from "node:sqlite";
import { type StoredLot, toLot } from "./to-lot.ts";

/** Reads a lot by SQL, and what is packed as the log packs it, without a change to the file, also while a server runs; `undefined` for one that is not there. */
export function readLotFile(file: string, lotId: string): StoredLot | undefined {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    requireForm(db, file);
    const room = db.prepare(`select id, "offset" from nexios_room where name = ?`).get(`auction/${lotId}`);
    if (room === undefined) return undefined;
    const id = room["id"] ?? 0;
    return toLot(lotId, {
      headOffset: Number(room["offset"]),
      entries: db.prepare(`select "offset", at, author, bytes, position, public_bytes from nexios_entry where room = ? order by "offset"`).all(id),
      packs: db.prepare("select * from nexios_pack where room = ?").all(id),
      cards: db
        .prepare(`select coalesce(e.public_bytes, e.bytes) as bytes from nexios_entry e join nexios_room r on r.id = e.room where r.name like 'sale/%'`)
        .all(),
    });
  } finally {
    db.close();
  }
}

/** @throws Error for a file that another version has made */
function requireForm(db: DatabaseSync, file: string): void {
  if (db.prepare("select 1 from sqlite_schema where name = 'nexios_room'").get() !== undefined) return;
  throw new Error(`${file} has the form of another version of Nexios: start the app on it once, then audit again`);
}
