import { isSameBytes } from "../log/kept-bytes.ts";
import type { StoredEntry } from "../log/log.ts";
import { entryCheck } from "../log/rows/columns.ts";
import type { Connection, Parameter } from "./connection.ts";

/** Columns of an entry's row but its room, with their types. */
const columns: readonly (readonly [name: string, type: string, of: (entry: StoredEntry, room: number) => string | number | Uint8Array | null])[] = [
  ["offset", "bigint", ({ offset }) => offset],
  ["check", "bigint", ({ check }) => check],
  ["at", "bigint", ({ at }) => at],
  ["author", "text", ({ author }) => author ?? null],
  ["call_id", "text", ({ callId }) => callId ?? null],
  ["version", "bigint", ({ version }) => version],
  ["bytes", "bytea", ({ bytes }) => bytes],
  ["position", "bigint", ({ public: part }) => part?.position ?? null],
  ["public_check", "bigint", ({ public: part }) => part?.check ?? null],
  ["public_bytes", "bytea", ({ public: part, bytes }) => (part === undefined || isSameBytes(part.bytes, bytes) ? null : part.bytes)],
  ["erased", "bigint", ({ erased }) => (erased ? 1 : 0)],
  ["row_check", "bigint", (entry, room) => entryCheck(room, entry)],
];

const names = columns.map(([name]) => `"${name}"`).join(", ");
const lists = columns.map(([, type], index) => `$${index + 2}::${type}[]`).join(", ");
const insert = `insert into nexios_entry (room, ${names}) select $1, * from unnest(${lists})`;

/** Writes entries' rows, as one statement. */
export async function insertEntries(connection: Connection, room: number, entries: readonly StoredEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const values: readonly Parameter[] = columns.map(([, , of]) => entries.map((entry) => of(entry, room)));
  await connection.run(insert, room, ...values);
}

/** Entries of a room, by its id and a range of offsets; each with the check of the entry before it, if that is there. */
export const selectEntries: string = select("offset");

/** Public entries of a room, by its id and a range of positions. */
export const selectPublicEntries: string = select("position");

function select(by: "offset" | "position"): string {
  return `select e.*, before."check" as before_check from nexios_entry e left join nexios_entry before on before.room = e.room and before."offset" = e."offset" - 1
    where e.room = $1 and e."${by}" > $2 and e."${by}" <= $3 order by e."${by}"`;
}
