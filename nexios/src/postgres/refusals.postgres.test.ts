import { expect, test } from "vitest";
import { batchOf, entry, start } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore } from "./postgres-store.ts";

const postgres = usePostgres();

const openAt = (url: string): Promise<PostgresStore> => PostgresStore.open({ url, now: () => start, clock: systemClock, newEpoch: () => crypto.randomUUID() });

const appendTo = async (store: PostgresStore): Promise<number> =>
  (await store.log.append({ room: "room", from: undefined, keys: [] }, ({ head }) => batchOf(head, [entry("a")]))).head.offset;

const as = (url: string, user: string): string => url.replace("postgres@", `${user}@`);

test("a user or a database that the server does not know is told by the server's words, not as a server that is away", async () => {
  const url = await postgres.newUrl();

  await expect(openAt(as(url, "ghost"))).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining('role "ghost" does not exist') });
  await expect(openAt(url.replace("/postgres?", "/nowhere?"))).rejects.toMatchObject({ message: expect.stringContaining('"nowhere" does not exist') });
});

test("a user without the rights is told so, at the start and with what is written", async () => {
  const url = await postgres.newUrl();
  const schema = decodeURIComponent(url).split("search_path=")[1] ?? "";
  await postgres.sql(url, `create role reader login; grant usage on schema ${schema} to reader`);
  await expect(openAt(as(url, "reader"))).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("rights") });
  const owner = await openAt(url);
  await postgres.sql(url, `grant select on all tables in schema ${schema} to reader`);

  const store = await openAt(as(url, "reader"));

  await expect(appendTo(store)).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("rights") });
  await Promise.all([store.close(), owner.close()]);
});

test("a server that takes no writes is asked by new connections, since another may be in its place", async () => {
  const url = await postgres.newUrl();
  const store = await openAt(url);
  await postgres.sql(url, "alter database postgres set default_transaction_read_only = on");
  await postgres.sql(url, "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nexios'");
  await expect(appendTo(store)).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("takes no writes") });

  await postgres.sql(url, "begin read write; alter database postgres reset default_transaction_read_only; commit");

  expect(await appendTo(store)).toBe(1);
  await store.close();
});
