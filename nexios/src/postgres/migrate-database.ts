import type { Migration, MigrationSet } from "../log/store.ts";
import { NexiosError } from "../protocol/failure.ts";
import { systemClock } from "../world/clock.ts";
import { whyNotAny } from "./application-guard.ts";
import { Connections } from "./connections.ts";
import { toFailure } from "./failures.ts";
import { migrateApplication, migrateStore } from "./migrate.ts";
import { schema } from "./schema.ts";
import { unhurried } from "./settings.ts";

/** What was made of a database's tables. */
export interface MigratedDatabase {
  /** The framework's own changes that were missing. */
  readonly made: readonly Migration[];
  /** The number of its last one. */
  readonly form: number;
  /** By set, with `undefined` for the application's own: the changes that were missing, in the order in which they were given. */
  readonly sets: readonly { readonly name: string | undefined; readonly made: readonly Migration[] }[];
}

/**
 * Brings the framework's tables in a PostgreSQL database to the form of this version, and then those of an application and of the sets that it takes in: what an app does at
 * its start, for a deploy whose apps may not change tables. Several may do so at once, and again. @throws NexiosError UNAVAILABLE, MIGRATION_CHANGED, INVALID_MESSAGE; Error
 * with the server's own `code`
 */
export async function migrateDatabase(url: string, given: readonly (readonly Migration[] | MigrationSet)[] = []): Promise<MigratedDatabase> {
  const connections = new Connections({ ...unhurried, url, clock: systemClock });
  try {
    const made = await migrateStore(connections, systemClock.now()).catch((error: unknown) => {
      throw toFailure(error);
    });
    const sets: { readonly name: string | undefined; readonly made: readonly Migration[] }[] = [];
    for (const set of given.map(toSet)) sets.push({ name: set.name, made: await migrateApplication(connections, set, systemClock.now()) });
    return { made, form: schema.length, sets };
  } finally {
    await connections.close();
  }
}

function toSet(given: readonly Migration[] | MigrationSet): Omit<MigrationSet, "name"> & { readonly name: string | undefined } {
  const set = "migrations" in given ? given : { name: undefined, migrations: given };
  for (const { number, sql } of set.migrations) {
    const why = whyNotAny(sql);
    if (why !== undefined) throw new NexiosError("INVALID_MESSAGE", `Migration ${number}: ${why}`);
  }
  return set;
}
