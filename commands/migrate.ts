// `npm run migrate`: brings all tables in the PostgreSQL of DATABASE_URL to the form of this version: the framework's, its patterns', and the Saleroom's.
import { activityMigrations } from "nexios/activity/server";
import { dashboardMigrations } from "nexios/dashboard/server";
import { parseArgs } from "node:util";
import { inboxMigrations } from "../demo/server/inbox/tables.ts";
import { withCauses } from "../demo/server/with-causes.ts";
import { toDatabaseUrl } from "../nexios/src/app/open-store.ts";
import { migrateDatabase } from "../nexios/src/postgres/migrate-database.ts";

const help = `npm run migrate

Brings the tables of Nexios (nexios_room and others), of its patterns and of the Saleroom in the PostgreSQL database that DATABASE_URL names to the form of this version,
and prints what it has done. Several may do so at once, and again. An app does the same at its start: this is for a deploy whose apps may not change tables.
For an app of your own: migrateDatabase(url, [activityMigrations, yourMigrations]) of nexios/postgres.
`;

try {
  const { values } = parseArgs({ options: { help: { type: "boolean", default: false } } });
  if (values.help) console.log(help);
  else await migrate();
} catch (error) {
  console.error(`migrate: ${withCauses(error)}`);
  process.exitCode = 1;
}

async function migrate(): Promise<void> {
  const url = toDatabaseUrl({ env: process.env, options: {} });
  if (url === undefined) throw new Error("DATABASE_URL is not set: it names the database, as postgres://user@host/database");
  const { made, form, sets } = await migrateDatabase(url, [inboxMigrations, activityMigrations, dashboardMigrations]);
  for (const { number, name } of made) console.log(`made ${number}: ${name}`);
  for (const set of sets) for (const { number, name } of set.made) console.log(`made ${set.name ?? "saleroom"} ${number}: ${name}`);
  console.log(made.length === 0 && sets.every((set) => set.made.length === 0) ? `nothing to do: the tables have form ${form}` : `the tables have form ${form}`);
}
