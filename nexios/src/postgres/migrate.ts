import { createHash } from "node:crypto";
import type { Millis } from "../log/log.ts";
import type { Migration, MigrationSet } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { sqlStateOf } from "./driver.ts";
import { schema } from "./schema.ts";

/** Where it is noted which changes were made. */
interface Ledger {
  readonly table: "nexios_schema" | "nexios_migration" | "nexios_set_migration";
  /** Where several stand in one table. */
  readonly set?: string;
}

/** Chosen once, by chance: whoever changes tables holds it, in all processes. */
const lock = 7_358_042_119;
const undefinedTable = "42P01";

/**
 * Brings the store's own tables to the form of this version; safe to be done by several processes at once, and done again. `connections`
 * wait as long as it takes: large tables take their time, and so do others who are at it. Returns the changes that it has made.
 * @throws NexiosError UNAVAILABLE for a database of a newer version, and for one whose encoding is not UTF8
 */
export async function migrateStore(connections: Connections, now: Millis): Promise<readonly Migration[]> {
  const form = await connections.read(formOf);
  if (form === schema.length) return [];
  return connections.transaction(async (connection) => {
    await takeLock(connection);
    const encoding = (await connection.get("select current_setting('server_encoding') as encoding"))?.["encoding"];
    if (encoding !== "UTF8") throw new NexiosError("UNAVAILABLE", `The database has the encoding ${String(encoding)}: make one with UTF8`);
    await connection.command(
      "create table if not exists nexios_schema (number bigint primary key, name text not null, hash text not null, at bigint not null)",
    );
    return { value: await makeMissing(connection, { table: "nexios_schema" }, schema, now), commit: true };
  });
}

/**
 * Brings an application's tables, or those of a set, to their newest form, all of it or nothing, on connections as `migrateStore` takes. Returns the changes that it has made.
 * @throws NexiosError MIGRATION_CHANGED; Error with the server's own `code`
 */
export async function migrateApplication(
  connections: Connections,
  { name, migrations }: Omit<MigrationSet, "name"> & { readonly name?: string | undefined },
  now: Millis,
): Promise<readonly Migration[]> {
  const ledger: Ledger = name === undefined ? { table: "nexios_migration" } : { table: "nexios_set_migration", set: name };
  const known = await connections.read((connection) => notedIn(connection, ledger));
  if (toMissing(migrations, known).length === 0) return [];
  return connections.transaction(async (connection) => {
    await takeLock(connection);
    return { value: await makeMissing(connection, ledger, migrations, now), commit: true };
  });
}

/** The number of the last change that was made; 0 in an empty database. */
async function formOf(connection: Connection): Promise<number> {
  const form = await connection.get("select coalesce(max(number), 0) as form from nexios_schema").catch((error: unknown) => {
    if (sqlStateOf(error) === undefinedTable) return undefined;
    throw error;
  });
  const number = Number(form?.["form"] ?? 0);
  if (number > schema.length) throw new NexiosError("UNAVAILABLE", "The database was made by a newer version of Nexios: start that one");
  return number;
}

async function takeLock(connection: Connection): Promise<void> {
  await connection.all("select pg_advisory_xact_lock($1)", lock);
}

async function makeMissing(connection: Connection, ledger: Ledger, migrations: readonly Migration[], now: Millis): Promise<readonly Migration[]> {
  const missing = toMissing(migrations, await notedIn(connection, ledger));
  for (const { number, name, sql } of missing) {
    await connection.command(sql);
    const [column, place] = ledger.set === undefined ? ["", ""] : [", set_name", ", $5"];
    const values = [number, name, hashOf(sql), Math.floor(now), ...(ledger.set === undefined ? [] : [ledger.set])];
    await connection.run(`insert into ${ledger.table} (number, name, hash, at${column}) values ($1, $2, $3, $4${place})`, ...values);
  }
  return missing;
}

/** Hashes by number. */
async function notedIn(connection: Connection, { table, set }: Ledger): Promise<ReadonlyMap<number, { readonly name: string; readonly hash: string }>> {
  const select = `select number, name, hash from ${table}`;
  const rows = await (set === undefined ? connection.all(`${select} order by number`) : connection.all(`${select} where set_name = $1 order by number`, set));
  return new Map(rows.map(({ number, name, hash }) => [Number(number), { name: String(name), hash: String(hash) }]));
}

/** @throws NexiosError MIGRATION_CHANGED */
function toMissing(migrations: readonly Migration[], known: Awaited<ReturnType<typeof notedIn>>): readonly Migration[] {
  for (const { number, sql } of migrations) {
    const noted = known.get(number);
    if (noted === undefined || noted.hash === hashOf(sql)) continue;
    throw new NexiosError("MIGRATION_CHANGED", `Migration ${number} (${noted.name}) was made with another text: what is done is done, so add another one`);
  }
  return migrations.filter(({ number }) => !known.has(number));
}

function hashOf(sql: string): string {
  return createHash("sha256").update(sql).digest("hex");
}
