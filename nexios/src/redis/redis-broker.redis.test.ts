import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findPort } from "../../../commands/services/find-port.ts";
import { findProgram } from "../../../test/services.ts";
import { type RedisServer, startRedis, startRedisCluster } from "../../../commands/services/redis-server.ts";
import { brokerSuite } from "../broker/broker-suite.ts";
import { openBroker } from "./redis-broker.fixture.ts";

let server: RedisServer;
let cluster: Awaited<ReturnType<typeof startRedisCluster>>;

beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});

afterAll(async () => {
  await Promise.all([server.stop(), cluster.stop()]);
});

function suiteOn(url: () => string): ReturnType<typeof brokerSuite> {
  return brokerSuite(async () => {
    const [a, b] = await Promise.all([openBroker({ url: url() }), openBroker({ url: url() })]);
    return { a, b, close: async () => void (await Promise.all([a.close(), b.close()])) };
  });
}

test.each(suiteOn(() => server.url))("one server: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test.each(suiteOn(() => cluster.url))("a cluster: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test("topics of all servers of a cluster are heard, each in order", async () => {
  const [a, b] = await Promise.all([openBroker({ url: cluster.url }), openBroker({ url: cluster.url })]);
  const topics = Array.from({ length: 60 }, (_, index) => `topic ${index}`);
  const heard = new Map<string, number[]>(topics.map((topic) => [topic, []]));
  await Promise.all(topics.map((topic) => b.subscribe(topic, (message) => void heard.get(topic)?.push(message[0] ?? -1))));

  for (let index = 0; index < 20; index++) for (const topic of topics) a.publish(topic, Uint8Array.of(index));

  await vi.waitFor(() => expect([...heard.values()].every(({ length }) => length === 20)).toBe(true));
  for (const messages of heard.values()) expect(messages).toEqual(Array.from({ length: 20 }, (_, index) => index));
  for (const node of cluster.nodes) expect(node.command("PUBSUB", "SHARDCHANNELS")).toContain("nexios:topic:topic ");
  await Promise.all([a.close(), b.close()]);
});

const names = ["*", "a", "a:b", ":b", "a:", "{x}", "}x{", "a{x}", "\u0000", "../", "\u202e", "\u00e4", "a\u0308", "\ud800", "\ufffd", '"\\ud800"', "", "A"];

test("names never cross, whatever stands in them", async () => {
  const [a, b] = await Promise.all([openBroker({ url: server.url }), openBroker({ url: server.url })]);
  const heard: string[] = [];
  await Promise.all(names.map((name) => b.subscribe(name, (message) => heard.push(`${JSON.stringify(name)} ${Buffer.from(message).toString()}`))));

  for (const name of names) a.publish(name, Buffer.from(JSON.stringify(name)));

  await vi.waitFor(() => expect(heard.length).toBe(names.length));
  expect(heard.toSorted()).toEqual(names.map((name) => `${JSON.stringify(name)} ${JSON.stringify(name)}`).toSorted());
  await Promise.all([a.close(), b.close()]);
});

test("applications with different prefixes do not hear each other", async () => {
  const [a, b, c] = await Promise.all(["one:", "two:", "one:"].map((prefix) => openBroker({ url: server.url, prefix })));
  const heard: string[] = [];
  await b!.subscribe("t", () => heard.push("b"));
  await c!.subscribe("t", () => heard.push("c"));
  await b!.subscribe("one:topic:t", () => heard.push("b"));

  a!.publish("t", Uint8Array.of(1));

  await vi.waitFor(() => expect(heard).toEqual(["c"]));
  await Promise.all([a!.close(), b!.close(), c!.close()]);
});

test("a process has one subscription for each topic that it hears, and none for others", async () => {
  const a = await openBroker({ url: server.url, prefix: "counted:" });
  const channels = (): string[] => server.command("PUBSUB", "SHARDCHANNELS", "counted:*").split("\n").filter(Boolean).toSorted();
  await Promise.all([a.subscribe("x", () => undefined), a.subscribe("x", () => undefined), a.subscribe("y", () => undefined)]);
  const both = channels();

  a.unsubscribe("x");

  expect(both).toEqual(["counted:topic:x", "counted:topic:y"]);
  await vi.waitFor(() => expect(channels()).toEqual(["counted:topic:y"]));
  expect(server.command("PUBSUB", "SHARDNUMSUB", "counted:topic:y")).toContain("1");
  await a.close();
});

test("a topic that is left and taken again at once is heard", async () => {
  const [a, b] = await Promise.all([openBroker({ url: server.url }), openBroker({ url: server.url })]);
  const heard: number[] = [];
  for (let index = 0; index < 5; index++) {
    void b.subscribe("t", () => heard.push(-1));
    b.unsubscribe("t");
  }
  await b.subscribe("t", (message) => heard.push(message[0]!));

  a.publish("t", Uint8Array.of(7));

  await vi.waitFor(() => expect(heard).toEqual([7]));
  await Promise.all([a.close(), b.close()]);
});

test("after a restart of the server topics are heard again, and both ends of the gap are told", async () => {
  const own = await startRedis();
  const [a, b] = await Promise.all([openBroker({ url: own.url }), openBroker({ url: own.url })]);
  const told: boolean[] = [];
  const heard: number[] = [];
  b.onConnection((isConnected) => told.push(isConnected));
  await b.subscribe("t", (message) => heard.push(message[0]!));

  await own.restart();
  await vi.waitFor(() => expect(told).toEqual([false, true]), 10_000);
  await vi.waitFor(() => {
    a.publish("t", Uint8Array.of(1));
    expect(heard.length).toBeGreaterThan(0);
  }, 10_000);

  await Promise.all([a.close(), b.close()]);
  await own.stop();
});

test("what is published while the server is away comes later, in order, up to a limit", async () => {
  const own = await startRedis();
  const [a, b] = await Promise.all([openBroker({ url: own.url, waitingBytes: 10 }), openBroker({ url: own.url })]);
  const heard: number[] = [];
  const away = new Promise<void>((resolve) => a.onConnection((isConnected) => void (isConnected || resolve())));
  await b.subscribe("t", (message) => heard.push(message[0]!));
  const both = Promise.all([a, b].map((each) => new Promise<void>((resolve) => each.onConnection((isConnected) => void (isConnected && resolve())))));
  own.signal("SIGKILL");
  await away;

  for (let index = 0; index < 20; index++) a.publish("t", Uint8Array.of(index));
  await own.restart();
  await both;

  // The other end may have come back later than this one: then it has missed them, never taken them out of order.
  await vi.waitFor(() => {
    a.publish("t", Uint8Array.of(99));
    expect(heard).toContain(99);
  }, 10_000);
  const early = heard.filter((each) => each < 20);
  expect(early).toEqual(Array.from({ length: early.length }, (_, index) => index));
  expect(early.length).toBeLessThanOrEqual(10);
  await Promise.all([a.close(), b.close()]);
  await own.stop();
});

test("a server that has stopped to answer is left within five seconds, though its connection stands", async () => {
  const own = await startRedis();
  const a = await openBroker({ url: own.url });
  const told: boolean[] = [];
  a.onConnection((isConnected) => told.push(isConnected));
  await a.subscribe("t", () => undefined);

  own.signal("SIGSTOP");
  await vi.waitFor(() => expect(told).toEqual([false]), 6_000);
  own.signal("SIGCONT");
  await vi.waitFor(() => expect(told).toEqual([false, true]), 10_000);

  await a.close();
  await own.stop();
});

test("what was on its way when a server is left is counted as lost, and told once", async () => {
  const own = await startRedis();
  const a = await openBroker({ url: own.url });
  const told: string[] = [];
  const take = (message: unknown): void => void told.push(String((message as { readonly error: unknown }).error));
  const back = new Promise<void>((resolve) => a.onConnection((isConnected) => void (isConnected && resolve())));
  subscribe("nexios:error", take);
  own.signal("SIGSTOP");

  for (let index = 0; index < 300; index++) a.publish(`topic ${index}`, Uint8Array.of(1));
  await vi.waitFor(() => expect(told.some((each) => each.includes("pings"))).toBe(true), 10_000);
  own.signal("SIGCONT");
  await back;
  a.publish("t", Uint8Array.of(1));

  await vi.waitFor(() => expect(told.filter((each) => each.includes("were lost"))).toEqual([expect.stringContaining("300 messages")]), 5_000);
  expect(told.length).toBeLessThan(10);
  unsubscribe("nexios:error", take);
  await a.close();
  await own.stop();
});

test("a server of a cluster that has stopped to answer is left, and the topics of all are heard when it is back", async () => {
  const [a, b] = await Promise.all([openBroker({ url: cluster.url }), openBroker({ url: cluster.url })]);
  const topics = Array.from({ length: 12 }, (_, index) => `stopped ${index}`);
  const heard = new Set<string>();
  const told: boolean[] = [];
  b.onConnection((isConnected) => told.push(isConnected));
  await Promise.all(topics.map((topic) => b.subscribe(topic, () => heard.add(topic))));

  cluster.nodes[1]!.signal("SIGSTOP");
  await vi.waitFor(() => expect(told[0]).toBe(false), 10_000);
  cluster.nodes[1]!.signal("SIGCONT");

  await vi.waitFor(
    () => {
      for (const topic of topics) a.publish(topic, Uint8Array.of(1));
      expect(heard.size).toBe(topics.length);
    },
    { timeout: 20_000, interval: 100 },
  );
  await Promise.all([a.close(), b.close()]);
});

test("a server of a cluster that is restarted is heard again", async () => {
  const [a, b] = await Promise.all([openBroker({ url: cluster.url }), openBroker({ url: cluster.url })]);
  const topics = Array.from({ length: 12 }, (_, index) => `again ${index}`);
  const heard = new Set<string>();
  await Promise.all(topics.map((topic) => b.subscribe(topic, () => heard.add(topic))));

  await cluster.nodes[1]!.restart();

  await vi.waitFor(
    () => {
      for (const topic of topics) a.publish(topic, Uint8Array.of(1));
      expect(heard.size).toBe(topics.length);
    },
    { timeout: 20_000, interval: 100 },
  );
  await Promise.all([a.close(), b.close()]);
});

test("what no process of the application has sent is dropped", async () => {
  const a = await openBroker({ url: server.url });
  const heard: Uint8Array[] = [];
  await a.subscribe("t", (message) => heard.push(message));

  for (const forged of ["", "x", "\u0001123456789", "\u0001aaaaaaaa\u0001", `\u0001aaaaaaaa${"\u007f".repeat(9)}`]) {
    expect(server.command("SPUBLISH", "nexios:topic:t", forged)).toBe("1");
  }
  const b = await openBroker({ url: server.url });
  b.publish("t", Uint8Array.of(5));

  await vi.waitFor(() => expect(heard.map((message) => [...message])).toEqual([[5]]));
  await Promise.all([a.close(), b.close()]);
});

test("a user who may use nothing but the prefix is enough, and beside it is refused by a code", async () => {
  server.command("ACL", "SETUSER", "app", "on", ">secret", "~own:*", "&own:*", "+@all", "-@admin", "-@dangerous");
  const options = { url: server.url, username: "app", password: "secret" };
  const [a, b] = await Promise.all([openBroker({ ...options, prefix: "own:" }), openBroker({ ...options, prefix: "own:" })]);
  const other = await openBroker({ ...options, prefix: "other:" });
  const heard: number[] = [];
  await b.subscribe("t", (message) => heard.push(message[0]!));

  a.publish("t", Uint8Array.of(3));

  await vi.waitFor(() => expect(heard).toEqual([3]));
  await expect(other.subscribe("t", () => undefined)).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await Promise.all([a.close(), b.close(), other.close()]);
});

test("a wrong password and a server that is not there are told at the start", async () => {
  await expect(openBroker({ url: server.url, username: "app", password: "wrong" })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(openBroker({ url: `redis://127.0.0.1:${await findPort()}` })).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test.skipIf(findProgram("openssl") === undefined)("messages travel over TLS, and a certificate of nobody known is refused", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-tls-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name)) as [string, string];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj", "/CN=localhost"];
  execFileSync("openssl", [...made, "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], { stdio: "ignore" });
  const tlsPort = await findPort();
  const own = await startRedis(["--tls-port", `${tlsPort}`, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-auth-clients", "no"]);
  const url = `rediss://127.0.0.1:${tlsPort}`;

  const [a, b] = await Promise.all([openBroker({ url, tls: { ca: readFileSync(cert) } }), openBroker({ url, tls: { ca: readFileSync(cert) } })]);
  const heard: number[] = [];
  await b.subscribe("t", (message) => heard.push(message[0]!));
  a.publish("t", Uint8Array.of(4));

  await vi.waitFor(() => expect(heard).toEqual([4]));
  await expect(openBroker({ url })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await Promise.all([a.close(), b.close()]);
  await own.stop();
  rmSync(folder, { recursive: true, force: true });
});
