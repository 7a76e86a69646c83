import { Connections } from "../../nexios/src/postgres/connections.ts";
import { unhurried } from "../../nexios/src/postgres/settings.ts";
import { systemClock } from "../../nexios/src/world/clock.ts";
import { type StoredLot, toLot } from "./to-lot.ts";

/** The same of a lot in PostgreSQL, of one moment, also while servers run. @throws Error for a database in which no app was started; NexiosError UNAVAILABLE */
export async function readLotDatabase(url: string, lotId: string): Promise<StoredLot | undefined> {
  const connections = new Connections({ ...unhurried, url, clock: systemClock });
  try {
    return await connections.snapshot(async (db) => {
      const form = await db.get("select to_regclass('nexios_room')::text as rooms");
      if (typeof form?.["rooms"] !== "string") throw new Error("the database that DATABASE_URL names has no rooms: no app was started on it");
      const room = await db.get(`select id, "offset" from nexios_room where name = $1`, `auction/${lotId}`);
      if (room === undefined) return undefined;
      const id = Number(room["id"]);
      return toLot(lotId, {
        headOffset: Number(room["offset"]),
        entries: await db.all(`select "offset", at, author, bytes, position, public_bytes from nexios_entry where room = $1 order by "offset"`, id),
        packs: await db.all("select * from nexios_pack where room = $1", id),
        cards: await db.all(
          "select coalesce(e.public_bytes, e.bytes) as bytes from nexios_entry e join nexios_room r on r.id = e.room where r.name like 'sale/%'",
        ),
      });
    });
  } finally {
    await connections.close();
  }
}
