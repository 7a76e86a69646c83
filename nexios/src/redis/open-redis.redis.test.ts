import { expect, test, vi } from "vitest";
import { startRedis, startRedisCluster } from "../../../commands/services/redis-server.ts";
import { systemClock } from "../world/clock.ts";
import { openRedis } from "./open-redis.ts";
import { type RedisOptions, toRedisSettings } from "./redis-options.ts";

const open = (options: RedisOptions & { readonly url: string }): ReturnType<typeof openRedis> =>
  openRedis(toRedisSettings(options), { clock: systemClock, random: () => 0.5 });

test("a server that would evict rooms is refused at the start, and left alone", async () => {
  const server = await startRedis(["--maxmemory-policy", "allkeys-lru"]);

  await expect(open({ url: server.url })).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("noeviction") });

  // The one connection is that of who asks.
  await vi.waitFor(() => expect(server.command("CLIENT", "LIST").split("\n")).toHaveLength(1));
  await server.stop();
});

test("a cluster is refused when one server of it would evict rooms, or when it is taken for a single server", async () => {
  const cluster = await startRedisCluster();

  await expect(open({ url: cluster.nodes[0]!.url })).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("isCluster") });
  await (await open({ url: cluster.nodes[0]!.url, isCluster: true })).broker.close();
  for (const node of cluster.nodes) {
    node.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
    await expect(open({ url: cluster.url })).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("noeviction") });
    node.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
  }

  await (await open({ url: cluster.url })).broker.close();
  await cluster.stop();
});

test("a user who may not ask for it is let in, with the key prefix as the one right", async () => {
  const server = await startRedis(["--maxmemory-policy", "allkeys-lru"]);
  server.command("ACL", "SETUSER", "app", "on", ">secret", "~own:*", "&own:*", "+@all", "-@admin", "-@dangerous");

  const { broker } = await open({ url: server.url, username: "app", password: "secret", prefix: "own:" });

  await expect(broker.subscribe("t", () => undefined)).resolves.toBeUndefined();
  const rules = { keep: 5, keepBytes: 1_000, keepMs: 60_000 };
  broker.keeper?.publish("t", Uint8Array.of(1), rules);
  expect(await broker.keeper?.read("t", rules, { cutOwn: () => undefined, cutOthers: () => undefined })).toHaveLength(1);
  await broker.close();
  await server.stop();
});
