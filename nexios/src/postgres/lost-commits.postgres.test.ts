import { expect, test, vi } from "vitest";
import { batchOf, entry, outcome, start } from "../log/suite/kit.ts";
import { NexiosError } from "../protocol/failure.ts";
import { systemClock } from "../world/clock.ts";
import { startCuttingProxy } from "./cutting-proxy.fixture.ts";
import { usePostgres } from "./database.fixture.ts";
import { PostgresStore } from "./postgres-store.ts";

// What is written is in memory alone until a commit.
const postgres = usePostgres({ settings: ["wal_writer_delay=10000", "autovacuum=off", "bgwriter_lru_maxpages=0"] });

test("a crash takes a transaction whose number another one gets afterwards: its calls are not taken for done", async () => {
  const url = await postgres.newUrl();
  const proxy = await startCuttingProxy(url);
  const store = await PostgresStore.open({ url: proxy.url, now: () => start, clock: systemClock, newEpoch: () => "e" });
  await store.log.append({ room: "room", from: undefined, keys: [] }, ({ head }) => batchOf(head, [entry("a")]));
  await postgres.sql(url, "create table burnt (number bigint)");

  const held = proxy.holdAt("commit\0");
  const appending = store.log.append({ room: "room", from: undefined, keys: ["k"] }, ({ head }, known) =>
    known.has("k") ? undefined : { ...batchOf(head, [entry("b")]), outcomes: [outcome("k", "yes")] },
  );
  await held;
  await postgres.server.stop("SIGQUIT");
  await postgres.server.start();
  for (let number = 0; number < 20; number++) await postgres.sql(url, `insert into burnt values (${number})`);
  proxy.cutHeld();
  const result = await appending;
  const entries = await store.log.read("room", 0, 10);
  await store.close();
  await proxy.close();

  expect([result.kind, result.head.offset, entries.length]).toEqual(["appended", 2, 2]);
});

test.for([
  ["a call is not taken for done", [outcome("k", "yes")], "behind"],
  ["of entries without a call nobody knows", [], "UNAVAILABLE"],
] as const)("where the place that a lost batch would have had was written by others meanwhile, and trimmed, %s", async ([, outcomes, expected]) => {
  const url = await postgres.newUrl();
  const proxy = await startCuttingProxy(url);
  const options = { now: () => start, clock: systemClock, newEpoch: () => "e" };
  const [store, other] = await Promise.all([PostgresStore.open({ url: proxy.url, ...options }), PostgresStore.open({ url, ...options })]);
  await store.log.append({ room: "room", from: undefined, keys: [] }, ({ head }) => batchOf(head, [entry("a")]));

  const held = proxy.holdAt("commit\0");
  const appending = store.log.append({ room: "room", from: undefined, keys: ["k"] }, ({ head }) => ({ ...batchOf(head, [entry("b")]), outcomes }));
  const ended = appending.then(({ kind }) => kind, codeOfError);
  await held;
  await postgres.server.stop("SIGQUIT");
  await postgres.server.start();
  await vi.waitFor(() => other.log.head("room"), 10_000);
  for (let number = 0; number < 20; number++) {
    await other.log.append({ room: "room", from: await other.log.head("room"), keys: [] }, ({ head }) => batchOf(head, [entry(`other ${number}`)]));
  }
  const head = await other.log.head("room");
  await other.log.putCheckpoint("room", { ...head!, bytes: new TextEncoder().encode("state") }, { offset: head!.offset - 1, position: 0 });
  proxy.cutHeld();
  const how = await ended;
  await Promise.all([store.close(), other.close()]);
  await proxy.close();

  expect([how, head!.offset]).toEqual([expected, 21]);
});

function codeOfError(error: unknown): string {
  return error instanceof NexiosError ? error.code : String(error);
}
