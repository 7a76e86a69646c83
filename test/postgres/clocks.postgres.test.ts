import { expect, test } from "vitest";
import { usePostgres } from "../../nexios/src/postgres/database.fixture.ts";
import { playLots, rightStory } from "../clock/lots-by-store-time.ts";

const postgres = usePostgres();

test("two processes whose clocks are twenty minutes apart close a durable lot once, at PostgreSQL's time, and judge bids by it", async () => {
  expect(await playLots("durable", { DATABASE_URL: await postgres.newUrl() })).toEqual([rightStory, rightStory]);
}, 180_000);
