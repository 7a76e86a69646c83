import { expect, test } from "vitest";
import { readingsSuite } from "../log/readings-suite.ts";
import { systemClock } from "../world/clock.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();
const suite = readingsSuite(async ({ now }) =>
  PostgresStore.open({
    now,
    url: await postgres.newUrl(),
    clock: systemClock,
    newEpoch: () => crypto.randomUUID(),
    settings: { writers: 3, readers: 2 },
  }),
);

test.each(suite)("PostgreSQL readings: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});
