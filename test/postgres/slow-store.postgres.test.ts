import { expect, test } from "vitest";
import { usePostgres } from "../../nexios/src/postgres/database.fixture.ts";
import { standStill } from "./slow-store.ts";

const postgres = usePostgres();

test("while PostgreSQL stands still for five seconds calls wait or are OVERLOADED; then all is well, nothing is lost, and nothing there that was not decided", async () => {
  const { members, server, ...story } = await standStill(postgres.server, await postgres.newUrl(), 5_000);

  expect(story).toMatchObject({ lost: 0, denied: 0, doubled: 0, isOneState: true });
  expect(Object.keys(members)).toEqual(["accepted"]);
  expect(server["OVERLOADED"]).toBeGreaterThan(0);
  // A statement that the standstill has caught may be given up, and nobody knows: whoever asks again is told.
  const other = Object.keys(server).filter((kind) => !["accepted", "OVERLOADED", "UNAVAILABLE", "CONFLICT"].includes(kind));
  expect(other).toEqual([]);
}, 180_000);
