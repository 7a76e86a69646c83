import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "../log/store.ts";
import { type Clock, systemClock } from "../world/clock.ts";
import type { RoomsOptions } from "./app-rooms.ts";

/** Where an app's store is, and what it is opened with. */
export interface StoreSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly options: Pick<RoomsOptions, "databaseUrl" | "database" | "folder" | "synchronous">;
  readonly clock: Clock;
  /** The time of a store that has none of its own. */
  readonly now: () => number;
  readonly newEpoch: () => string;
}

/** PostgreSQL where the setting `DATABASE_URL`, or the option, names it; else `undefined`. @throws TypeError for another database */
export function toDatabaseUrl({ env, options }: Pick<StoreSurroundings, "env" | "options">): string | undefined {
  const url = options.databaseUrl ?? (env["DATABASE_URL"] || undefined);
  if (url === undefined || /^postgres(ql)?:\/\//u.test(url)) return url;
  throw new TypeError(
    'DATABASE_URL, or the option rooms.databaseUrl, begins with "postgres://": other databases are not known. Without it the store is SQLite',
  );
}

/** Opens the store of an app: only who has a durable room, or uses the store, loads a database. @throws NexiosError DATABASE_IN_USE, DAMAGED, UNAVAILABLE; TypeError */
export async function openStore(surroundings: StoreSurroundings): Promise<Store> {
  const url = toDatabaseUrl(surroundings);
  return url === undefined ? openSqlite(surroundings) : openPostgres(url, surroundings);
}

/** The store's time is the server's; but who hands in a clock of his own, as a test does, means that one. */
async function openPostgres(url: string, { options, clock, now, newEpoch }: StoreSurroundings): Promise<Store> {
  const { PostgresStore } = await import("../postgres/postgres-store.ts").catch((cause: unknown) => {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
    throw isMissing ? new TypeError("DATABASE_URL names a PostgreSQL database: install the package pg", { cause }) : cause;
  });
  return PostgresStore.open({ url, clock, newEpoch, settings: options.database ?? {}, ...(clock !== systemClock && { now }) });
}

async function openSqlite({ env, options, clock, now, newEpoch }: StoreSurroundings): Promise<Store> {
  const { SqliteStore } = await import("../sqlite/sqlite-store.ts");
  const folder = options.folder ?? (env["NEXIOS_DATA"] || ".data");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const after = (ms: number, run: () => void): (() => void) => clock.after(ms, run);
  return SqliteStore.open({ now, newEpoch, file: join(folder, "nexios.db"), synchronous: options.synchronous ?? "full", after });
}
