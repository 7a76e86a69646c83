import { randomUUID } from "node:crypto";
import { expect, test, vi } from "vitest";
import { findPort } from "../../../commands/services/find-port.ts";
import { startSentinel } from "../../../test/services/redis-sentinel.ts";
import { startRedis } from "../../../commands/services/redis-server.ts";
import { appendEntries, entry, requireHead } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { openRedis } from "./open-redis.ts";
import { toRedisSettings } from "./redis-options.ts";

test("when a primary stops to answer, what the sentinels name instead is used, and the topics are heard there; what it says when it goes on changes nothing", async () => {
  const primary = await startRedis();
  const replica = await startRedis(["--replicaof", `127.0.0.1 ${primary.port}`]);
  await vi.waitFor(() => expect(replica.command("INFO", "replication")).toContain("master_link_status:up"), 10_000);
  const sentinel = await startSentinel(primary.port);
  // It must have heard of the replica before the primary is gone.
  await vi.waitFor(() => expect(sentinel.knows(replica.port)).toBe(true), { timeout: 15_000, interval: 200 });
  const settings = toRedisSettings({ url: `redis+sentinel://127.0.0.1:${await findPort()}/own,redis+sentinel://127.0.0.1:${sentinel.port}/own` });
  const open = (): ReturnType<typeof openRedis> => openRedis(settings, { clock: systemClock, random: () => 0.5 });
  const [a, b] = await Promise.all([open(), open()]);
  const heard: number[] = [];
  await b.broker.subscribe("t", (message) => heard.push(message[0] ?? -1));
  const log = a.openLog({ now: () => Date.now(), newEpoch: randomUUID });
  await appendEntries(log, [entry("a")]);

  primary.signal("SIGSTOP");

  await vi.waitFor(() => appendEntries(log, [entry("b")]), { timeout: 25_000, interval: 200 });
  await vi.waitFor(
    () => {
      a.broker.publish("t", Uint8Array.of(1));
      expect(heard.length).toBeGreaterThan(0);
    },
    { timeout: 10_000, interval: 100 },
  );
  expect(replica.command("ROLE").split("\n")[0]).toBe("master");
  const before = await requireHead(log);
  primary.signal("SIGCONT");
  await vi.waitFor(() => expect(primary.command("ROLE").split("\n")[0]).toBe("slave"), { timeout: 60_000, interval: 200 });
  expect((await appendEntries(log, [entry("c")])).head.offset).toBe(before.offset + 1);
  await Promise.all([a.broker.close(), b.broker.close()]);
  sentinel.stop();
  await Promise.all([primary.stop(), replica.stop()]);
});

test("a primary that must have a replica, and has none, takes nothing: UNAVAILABLE, and what is there is read on", async () => {
  const primary = await startRedis();
  const { broker, openLog } = await openRedis(toRedisSettings({ url: primary.url }), { clock: systemClock, random: Math.random });
  const log = openLog({ now: () => Date.now(), newEpoch: randomUUID });
  const { head } = await appendEntries(log, [entry("a")]);
  primary.command("CONFIG", "SET", "min-replicas-to-write", "1");

  await expect(appendEntries(log, [entry("b")])).rejects.toMatchObject({ code: "UNAVAILABLE" });

  expect(await requireHead(log)).toEqual(head);
  await broker.close();
  await primary.stop();
});
