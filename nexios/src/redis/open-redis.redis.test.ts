import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test, vi } from "vitest";
import { startRedis, startRedisCluster } from "../../../commands/services/redis-server.ts";
import { systemClock } from "../world/clock.ts";
import type { Reports } from "../world/report.ts";
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

test("a server that would evict rooms when a connection comes back is told to the operator, and used on", async () => {
  const server = await startRedis();
  const { broker } = await open({ url: server.url });
  const told: unknown[] = [];
  const note = (fields: unknown): void => void told.push(String((fields as Reports["error"]).error));
  subscribe("nexios:error", note);

  server.command("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
  server.command("CLIENT", "KILL", "TYPE", "normal");

  await vi.waitFor(() => expect(told).toContainEqual(expect.stringContaining("volatile-lru")), 10_000);
  await expect(broker.subscribe("t", () => undefined)).resolves.toBeUndefined();
  unsubscribe("nexios:error", note);
  await broker.close();
  await server.stop();
});

test("a password or a database that the server refuses is told by the server's words, at the start and when a connection comes back", async () => {
  const server = await startRedis(["--requirepass", "right"]);
  const at = (password: string): string => `redis://:${password}@127.0.0.1:${server.port}`;
  await expect(open({ url: at("wrong") })).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("WRONGPASS") });
  await expect(open({ url: `${at("right")}/99` })).rejects.toMatchObject({ message: expect.stringContaining("out of range") });
  const { broker } = await open({ url: at("right") });
  const told: unknown[] = [];
  const note = (fields: unknown): void => void told.push(String((fields as Reports["error"]).error));
  subscribe("nexios:error", note);

  server.command("-a", "right", "CONFIG", "SET", "requirepass", "another");
  server.command("-a", "another", "CLIENT", "KILL", "TYPE", "normal");
  await vi.waitFor(() => expect(told).toContainEqual(expect.stringContaining("WRONGPASS")), 10_000);
  // It is tried again, and not told again.
  const refusals = (): number => Number(/errorstat_WRONGPASS:count=(\d+)/.exec(server.command("-a", "another", "INFO", "errorstats"))?.[1]);
  const before = refusals();
  await vi.waitFor(() => expect(refusals()).toBeGreaterThan(before + 4), 20_000);

  expect(told.filter((each) => String(each).includes("WRONGPASS"))).toHaveLength(1);
  unsubscribe("nexios:error", note);
  await broker.close();
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
