import type { Migration } from "../log/store.ts";
import { systemClock } from "../world/clock.ts";
import { Connections } from "./connections.ts";
import { toFailure } from "./failures.ts";
import { migrateStore } from "./migrate.ts";
import { schema } from "./schema.ts";
import { unhurried } from "./settings.ts";

/** Brings the store's own tables in a database to the form of this version. Returns the changes that it has made, and the form. @throws NexiosError UNAVAILABLE */
export async function migrateDatabase(url: string): Promise<{ readonly made: readonly Migration[]; readonly form: number }> {
  const connections = new Connections({ ...unhurried, url, clock: systemClock });
  try {
    return { made: await migrateStore(connections, systemClock.now()), form: schema.length };
  } catch (error) {
    throw toFailure(error);
  } finally {
    await connections.close();
  }
}
