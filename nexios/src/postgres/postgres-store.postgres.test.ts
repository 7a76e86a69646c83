import { expect, test } from "vitest";
import { storeSuite } from "../log/store-suite.ts";
import { start } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
let epochs = 0;

async function open() {
  const timers = new Set<() => void>();
  const after = (_ms: number, run: () => void): (() => void) => {
    timers.add(run);
    return () => void timers.delete(run);
  };
  const store = await PostgresStore.open({
    url: await postgres.newUrl(),
    now: () => start,
    clock: { ...systemClock, after },
    newEpoch: () => `epoch ${epochs++}`,
    settings: { writers: 3, readers: 2 },
  });
  return {
    store,
    late() {
      for (const run of timers) run();
    },
  };
}

test.each(storeSuite(open, (number) => `$${number}`))("PostgreSQL, its own marks: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test.each(storeSuite(open, () => "?"))("PostgreSQL, the marks of SQLite: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
