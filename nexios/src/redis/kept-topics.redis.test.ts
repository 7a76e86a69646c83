import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RedisServer, startRedis, startRedisCluster } from "../../../commands/services/redis-server.ts";
import { openBroker } from "./redis-broker.fixture.ts";

let server: RedisServer;
let cluster: Awaited<ReturnType<typeof startRedisCluster>>;

beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});

afterAll(async () => {
  await Promise.all([server.stop(), cluster.stop()]);
});

test("what is kept of a topic is in the slot of its channel, and no name chooses the slot or another's key", async () => {
  const a = await openBroker({ url: cluster.url, prefix: "slots:" });
  const rules = { keep: 5, keepBytes: 1_000, keepMs: 60_000 };
  const topics = ["group:{x}", "group:{x}a", "{x}group:", "group:}{x}", "group:{", "plain", "kept:{slots:topic:plain}"];
  for (const topic of topics) await a.subscribe(topic, () => undefined);

  for (const topic of topics) a.keeper.publish(topic, Buffer.from(topic), rules);
  for (const topic of topics) expect((await a.keeper.read(topic, rules)).map(String)).toEqual([topic]);

  const [node] = cluster.nodes;
  const slotOf = (key: string): string => node!.command("CLUSTER", "KEYSLOT", key);
  const channels = cluster.nodes.flatMap(({ command }) => command("PUBSUB", "SHARDCHANNELS", "slots:*").split("\n").filter(Boolean));
  const keys = cluster.nodes.flatMap(({ command }) => command("KEYS", "slots:kept:*").split("\n").filter(Boolean));
  expect(channels).toHaveLength(topics.length);
  expect(keys.toSorted()).toEqual(channels.map((channel) => `slots:kept:{${channel}}`).toSorted());
  for (const channel of channels) expect(slotOf(`slots:kept:{${channel}}`)).toBe(slotOf(channel));
  // Of names with the same part in braces.
  expect(new Set(channels.filter((channel) => channel.includes("x")).map(slotOf)).size).toBeGreaterThan(1);
  await a.close();
});

test("what is kept goes by itself when its time is over, and with a restart, and is kept anew", async () => {
  const own = await startRedis();
  const a = await openBroker({ url: own.url, prefix: "gone:" });
  const keep = (topic: string, byte: number, keepMs: number): void => a.keeper.publish(topic, Uint8Array.of(byte), { keep: 5, keepBytes: 1_000, keepMs });
  const rules = { keep: 5, keepBytes: 1_000, keepMs: 60_000 };

  keep("short", 1, 1);
  keep("t", 1, 60_000);
  expect(await a.keeper.read("t", rules)).toHaveLength(1);
  await vi.waitFor(() => expect(own.command("KEYS", "gone:*")).toBe("gone:kept:{gone:topic:t}"));
  expect(Number(own.command("PTTL", "gone:kept:{gone:topic:t}"))).toBeGreaterThan(0);
  own.signal("SIGKILL");
  await vi.waitFor(() => expect(a.keeper.read("t", rules)).rejects.toMatchObject({ code: "UNAVAILABLE" }), 5_000);
  await own.restart();

  await vi.waitFor(async () => expect(await a.keeper.read("t", rules)).toEqual([]), 10_000);
  keep("t", 2, 60_000);
  expect((await a.keeper.read("t", rules)).map((message) => [...message])).toEqual([[2]]);
  await a.close();
  await own.stop();
});

test("a key that holds something else is told by a code, and publishing to its topic goes on to fail alone", async () => {
  const [a, b] = await Promise.all([openBroker({ url: server.url, prefix: "odd:" }), openBroker({ url: server.url, prefix: "odd:" })]);
  const rules = { keep: 5, keepBytes: 1_000, keepMs: 60_000 };
  const heard: number[] = [];
  await b.subscribe("other", (message) => heard.push(message[0]!));
  server.command("SET", "odd:kept:{odd:topic:t}", "x");

  a.keeper.publish("t", Uint8Array.of(1), rules);
  a.publish("other", Uint8Array.of(2));

  await expect(a.keeper.read("t", rules)).rejects.toMatchObject({ code: "DAMAGED" });
  await vi.waitFor(() => expect(heard).toEqual([2]));
  await Promise.all([a.close(), b.close()]);
});
