import { roomCheck, roomColumns, roomValues } from "../log/rows/columns.ts";
import { emptyRoom, type RoomRow } from "../log/rows/room-row.ts";
import { toRoom } from "../log/rows/rows.ts";
import { isStorableText } from "../log/storable.ts";
import type { Connection } from "./connection.ts";

/** A room's row. @throws NexiosError DAMAGED */
export async function readRoom(connection: Connection, name: string): Promise<RoomRow | undefined> {
  // PostgreSQL would look for another name than one that is not well-formed.
  const row = isStorableText(name) ? await connection.get("select * from nexios_room where name = $1", name) : undefined;
  return row === undefined ? undefined : toRoom(row);
}

/** A room's row under its lock, which the transaction has until its end: nobody else appends meanwhile. @throws NexiosError DAMAGED: what is damaged never gets a new check */
export async function lockRoom(connection: Connection, name: string): Promise<RoomRow | undefined> {
  const row = await connection.get("select *, pg_current_xact_id()::text as transaction from nexios_room where name = $1 for update", name);
  if (row === undefined) return undefined;
  connection.transaction = String(row["transaction"]);
  return toRoom(row);
}

/** The same of a room that may have no row yet: it gets one, which goes if nothing is committed. */
export async function lockOrMakeRoom(connection: Connection, name: string, newEpoch: () => string): Promise<RoomRow> {
  for (;;) {
    const known = (await lockRoom(connection, name)) ?? (await makeRoom(connection, emptyRoom(name, newEpoch())));
    // Another has made it at the same moment: the statement that follows sees it.
    if (known !== undefined) return known;
  }
}

/** Writes all of a room's row that changes, whose lock the transaction has. */
export async function updateRoom(connection: Connection, row: RoomRow): Promise<void> {
  const values = roomValues(row);
  await connection.run(update, row.id, ...values, roomCheck(row.name, values));
}

async function makeRoom(connection: Connection, row: RoomRow): Promise<RoomRow | undefined> {
  const values = roomValues(row);
  const check = roomCheck(row.name, values);
  const made = await connection.get(insert, row.name, ...values, check);
  if (made === undefined) return undefined;
  connection.transaction = String(made["transaction"]);
  return { ...row, id: Number(made["id"]), check };
}

const columns = [...roomColumns, "row_check"].map((column) => `"${column}"`);
const marks = columns.map((_, index) => `$${index + 2}`);
const insert = `insert into nexios_room (name, ${columns.join(", ")}) values ($1, ${marks.join(", ")}) on conflict (name) do nothing
  returning id, pg_current_xact_id()::text as transaction`;
const update = `update nexios_room set ${columns.map((column, index) => `${column} = ${marks[index]}`).join(", ")} where id = $1`;
