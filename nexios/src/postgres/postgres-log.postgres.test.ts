import { expect, test } from "vitest";
import { logSuite } from "../log/log-suite.ts";
import type { Log, LogLimits } from "../log/log.ts";
import { systemClock } from "../world/clock.ts";
import { Connections } from "./connections.ts";
import { usePostgres } from "./database.fixture.ts";
import { migrateStore } from "./migrate.ts";
import { PostgresLog } from "./postgres-log.ts";
import { defaultSettings, unhurried } from "./settings.ts";

const postgres = usePostgres();

/** A log on an empty schema, which closes its connections. */
async function open({ now, limits }: { readonly now: () => number; readonly limits: Partial<LogLimits> }): Promise<Log> {
  const url = await postgres.newUrl();
  const slow = new Connections({ ...unhurried, url, clock: systemClock });
  await migrateStore(slow, now());
  await slow.close();
  const connections = new Connections({ ...defaultSettings, writers: 4, readers: 2, url, clock: systemClock });
  const log = new PostgresLog(connections, { now, limits, newEpoch: () => crypto.randomUUID() });
  const close = async (): Promise<void> => {
    await log.close();
    await connections.close();
  };
  return new Proxy(log, { get: (target, name) => (name === "close" ? close : bind(target, name)) });
}

function bind(target: PostgresLog, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? value.bind(target) : value;
}

test.each(logSuite(open))("PostgreSQL log: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
