import { roomCheck, roomColumns, roomValues } from "../log/rows/columns.ts";
import type { Database } from "./database.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import { toRoom } from "../log/rows/rows.ts";

/** A room's row. @throws NexiosError DAMAGED: what is damaged never gets a new check. */
export function readRoom(db: Database, name: string): RoomRow | undefined {
  const row = db.get("select * from nexios_room where name = ?", name);
  return row === undefined ? undefined : toRoom(row);
}

/** Writes a new room's row, and gives it its id. `undefined` when there is one already. */
export function insertRoom(db: Database, row: RoomRow): RoomRow | undefined {
  const values = roomValues(row);
  const check = roomCheck(row.name, values);
  const id = db.get(insert, row.name, ...values, check)?.["id"];
  return id === undefined ? undefined : { ...row, id: Number(id), check };
}

/** Writes all of a room's row that changes, and gives its new check. `undefined`, and nothing is written, when another row than the one that was read stands there. */
export function updateRoom(db: Database, row: RoomRow): number | undefined {
  const values = roomValues(row);
  const check = roomCheck(row.name, values);
  return db.run(update, ...values, check, row.id, row.check) === 1 ? check : undefined;
}

const columns = [...roomColumns, "row_check"].map((column) => `"${column}"`);
const insert = `insert into nexios_room (name, ${columns.join(", ")}) values (?, ${columns.map(() => "?").join(", ")}) on conflict do nothing returning id`;
const update = `update nexios_room set ${columns.map((column) => `${column} = ?`).join(", ")} where id = ? and row_check = ?`;
