import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RedisServer, startRedis, startRedisCluster } from "../../../commands/services/redis-server.ts";
import { logSuite } from "../log/log-suite.ts";
import { appendEntries, appendFrom, batchOf, checkpointAt, codeOf, entry, fail, openEntries, outcome, room, textOf } from "../log/suite/kit.ts";
import { systemClock } from "../world/clock.ts";
import { connectRedisClient } from "./redis-client.ts";
import { RedisLink } from "./redis-link.ts";
import { RedisLog, type RedisLogOptions } from "./redis-log.ts";
import { toRedisSettings } from "./redis-options.ts";

let server: RedisServer;
let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
const links = new Map<string, Promise<RedisLink>>();

beforeAll(async () => {
  [server, cluster] = await Promise.all([startRedis(), startRedisCluster()]);
});

afterAll(async () => {
  for (const link of links.values()) (await link).close();
  await Promise.all([server.stop(), cluster.stop()]);
});

function linkTo(url: string): Promise<RedisLink> {
  const link =
    links.get(url) ??
    (async () => {
      const made = new RedisLink({ connect: connectRedisClient(toRedisSettings({ url })), clock: systemClock, random: () => 0.5 });
      await made.start();
      return made;
    })();
  links.set(url, link);
  return link;
}

let logs = 0;

async function openLog(url: string, options: Partial<RedisLogOptions> = {}): Promise<RedisLog> {
  return new RedisLog({
    link: await linkTo(url),
    prefix: `log${logs++}:`,
    now: () => Date.now(),
    newEpoch: randomUUID,
    keepMs: 3_600_000,
    shards: 16,
    ...options,
  });
}

test.each(logSuite((options) => openLog(server.url, options)))("one server: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test.each(logSuite((options) => openLog(cluster.url, options)))("a cluster: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

test("two processes that write at once decide each call on all before it, and nothing is lost", async () => {
  const prefix = "both:";
  const writers = await Promise.all([openLog(server.url, { prefix }), openLog(server.url, { prefix })] as const);
  const write = (log: RedisLog, text: string): Promise<unknown> =>
    retried(() => log.append({ room, from: undefined, keys: [] }, ({ head, entries }) => batchOf(head, [entry(`${head.offset}:${entries.length}:${text}`)])));

  await Promise.all(writers.flatMap((log, who) => Array.from({ length: 50 }, (_, index) => write(log, `${who}.${index}`))));
  const texts = (await writers[0].read(room, 0, 1_000)).map(textOf);

  expect(texts.map((text) => text.split(":").slice(0, 2).join())).toEqual(Array.from({ length: 100 }, (_, index) => `${index},${index}`));
  expect(new Set(texts.map((text) => text.split(":")[2])).size).toBe(100);
});

test("a batch whose condition is lost eight times is given up by a code, and nothing is written", async () => {
  const prefix = "conflict:";
  const [slow, fast] = await Promise.all([openLog(server.url, { prefix }), openLog(server.url, { prefix })]);
  let decided = 0;
  // Another process writes between each look and the write that follows it.
  const run = slow.append.bind(slow);
  const link = await linkTo(server.url);
  const send = link.send.bind(link);
  const spy = vi.spyOn(link, "send").mockImplementation(async (key, args) => {
    if (args.includes("slow")) {
      spy.mockImplementation(send);
      await appendEntries(fast, [entry("fast")]);
      spy.mockImplementation(interfere);
    }
    return send(key, args);
  });
  const interfere = spy.getMockImplementation()!;

  const failing = run({ room, from: undefined, keys: [] }, ({ head }) => {
    decided++;
    return { ...batchOf(head, [entry("x")]), outcomes: [outcome("slow", "")] };
  });

  await expect(failing).rejects.toMatchObject({ code: "CONFLICT" });
  spy.mockRestore();
  expect([decided, (await slow.read(room, 0, 100)).map(textOf)]).toEqual([8, Array.from({ length: 8 }, () => "fast")]);
});

test("a batch is not written on another past of its room, though as many writes have led there", async () => {
  const own = await startRedis();
  const link = await linkTo(own.url);
  const prefix = "past:";
  const [late, other] = await Promise.all([openLog(own.url, { prefix }), openLog(own.url, { prefix })]);
  await appendEntries(late, [entry("a")]);
  await appendEntries(late, [entry("lost")]);
  const send = link.send.bind(link);
  // Between the look and the write that follows it, Redis loses the tail, and another process goes on from there.
  const spy = vi.spyOn(link, "send").mockImplementation(async (key, args) => {
    if (args.includes("late")) {
      spy.mockImplementation(send);
      own.command("FLUSHALL");
      await appendEntries(other, [entry("a")]);
      await appendEntries(other, [entry("found")]);
    }
    return send(key, args);
  });

  const seen: string[][] = [];
  await late.append({ room, from: undefined, keys: [] }, ({ head, entries }) => {
    seen.push(entries.map(textOf));
    return { ...batchOf(head, [entry("b")]), outcomes: [outcome("late", "")] };
  });

  spy.mockRestore();
  expect(seen).toEqual([
    ["a", "lost"],
    ["a", "found"],
  ]);
  expect((await other.read(room, 0, 100)).map(textOf)).toEqual(["a", "found", "b"]);
  await own.stop();
});

test("a checkpoint of a past that Redis has lost meanwhile is not kept, and trims nothing", async () => {
  const own = await startRedis();
  const link = await linkTo(own.url);
  const log = await openLog(own.url, { prefix: "lost:", newEpoch: () => "same" });
  const written = await appendEntries(log, [entry("a"), entry("lost"), entry("b"), entry("c")]);
  const send = link.send.bind(link);
  const spy = vi.spyOn(link, "send").mockImplementation(async (key, args) => {
    if (args.some((each) => String(each) === "made of what is lost")) {
      spy.mockImplementation(send);
      own.command("FLUSHALL");
      await appendEntries(log, [entry("a"), entry("found"), entry("b"), entry("c")]);
    }
    return send(key, args);
  });

  const isKept = await log.putCheckpoint(room, checkpointAt(written, 4, "made of what is lost"), { offset: 3, position: 3 });

  spy.mockRestore();
  expect([isKept, await log.checkpoint(room)]).toEqual([false, undefined]);
  expect((await log.read(room, 0, 100)).map(textOf)).toEqual(["a", "found", "b", "c"]);
  await own.stop();
});

test("a room that Redis has lost has another epoch, and who stood in it is told so", async () => {
  const own = await startRedis();
  const log = await openLog(own.url);
  const { head } = await appendEntries(log, [entry("a"), entry("b")]);

  await own.restart();
  const lost = await vi.waitFor(() => log.head(room), 10_000);
  const diverged = await log.append({ room, from: head, keys: [] }, fail);
  const next = await appendEntries(log, [entry("c")]);

  expect([lost, diverged.kind, next.head.offset]).toEqual([undefined, "diverged", 1]);
  expect(next.head.epoch).not.toBe(head.epoch);
  await own.stop();
});

test("a room that Redis has kept on its disk goes on after a restart", async () => {
  const own = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
  const log = await openLog(own.url);
  const { head } = await appendEntries(log, [entry("a"), entry("b")]);

  await own.restart();

  expect(await vi.waitFor(() => log.head(room), 10_000)).toEqual(head);
  expect((await appendFrom(log, head, [entry("c")])).head.offset).toBe(3);
  await own.stop();
});

test("what another program has changed in an entry is not decided on", async () => {
  const prefix = "forged:";
  const log = await openLog(server.url, { prefix });
  await appendEntries(log, openEntries("ab"));
  const key = server.command("KEYS", "forged:*shown*");
  server.command("XDEL", key, "2-2");
  server.command("XADD", key, "3-2", "f", '[1,1,"eve",null,1]', "b", "forged");

  expect(await codeOf(log.append({ room, from: undefined, keys: [] }, fail))).toBe("DAMAGED");
  server.command("HSET", server.command("KEYS", "forged:*head*"), "offset", "many");
  expect(await codeOf(log.head(room))).toBe("DAMAGED");
  expect(await log.changedSince(0)).toEqual([]);
});

test("names never cross, whatever stands in them", async () => {
  const log = await openLog(server.url);
  const names = [
    "*",
    "a",
    "a:b",
    ":b",
    "{x}",
    "}x{",
    "a{x}",
    "0}:head:a",
    "head:a",
    "\u0000",
    "../",
    "\u202e",
    "\u00e4",
    "a\u0308",
    "\ufffd",
    "A",
    "a b",
    "x".repeat(1_000),
    `${"x".repeat(1_000)}{`,
  ];

  for (const name of names) await appendEntries(log, [entry(name)], name);

  for (const name of names) expect((await log.read(name, 0, 9)).map(textOf)).toEqual([name]);
  expect((await log.changedSince(0)).map(({ room: name }) => name).toSorted()).toEqual(names.toSorted());
  expect(await log.head("\ud800")).toBeUndefined();
});

test("a room that nobody writes to is let go after its time, with all its keys, unless it wants to be woken later", async () => {
  const prefix = "short:";
  const log = await openLog(server.url, { prefix, keepMs: 50 });
  await log.append({ room: "wakes", from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, [entry("a")]), wakeAt: Date.now() + 100_000 }));
  const written = await log.append({ room, from: undefined, keys: [] }, ({ head }) => ({ ...batchOf(head, openEntries("ab")), outcomes: [outcome("k", "")] }));
  if (written.kind === "appended") await log.putCheckpoint(room, checkpointAt(written, 1), { offset: 0, position: 0 });

  await vi.waitFor(async () => expect(await log.head(room)).toBeUndefined());
  await log.changedSince(0);

  const keys = server
    .command("KEYS", `${prefix}*`)
    .split("\n")
    .filter((key) => !key.endsWith(":wakes"));
  expect(keys.filter((key) => key.endsWith(room))).toEqual([]);
  expect((await log.head("wakes"))?.offset).toBe(1);
});

test("scripts that the server has forgotten are given to it again", async () => {
  const log = await openLog(server.url);
  await appendEntries(log, [entry("a")]);

  server.command("SCRIPT", "FLUSH");

  expect((await appendEntries(log, [entry("b")])).head.offset).toBe(2);
});

test("while Redis is away every method fails by a code, and goes on when it is back", async () => {
  const own = await startRedis(["--appendonly", "yes"]);
  const log = await openLog(own.url);
  const { head } = await appendEntries(log, [entry("a")]);
  own.signal("SIGKILL");
  await vi.waitFor(async () => expect(await codeOf(log.head(room))).toBe("UNAVAILABLE"));

  const asks = [
    log.append({ room, from: head, keys: [] }, fail),
    log.read(room, 0, 1),
    log.readPublic(room, 0, 1),
    log.checkpoint(room),
    log.changedSince(0),
    log.due(0, 1),
  ];

  expect(await Promise.all(asks.map(codeOf))).toEqual(asks.map(() => "UNAVAILABLE"));
  await own.restart();
  expect(await vi.waitFor(() => log.head(room), 10_000)).toEqual(head);
  await own.stop();
});

async function retried<Value>(run: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "CONFLICT")) throw error;
    }
  }
}
