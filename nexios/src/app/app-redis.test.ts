import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createMemoryBroker, MemoryNetwork } from "../broker/memory-broker.ts";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { LogKind } from "../contract/shape.ts";
import { type } from "../contract/type.ts";
import { NexiosApp } from "./app.ts";
import { LateBroker } from "./late-broker.ts";
import { requireSharedLogs } from "./shared-logs.ts";

const nowhere = { REDIS_URL: "redis://127.0.0.1:1", NEXIOS_SECRET: "x".repeat(32) };

function served(log: LogKind): ServedRoom {
  return defineRoom(`${log}/{id}`, { log, entry: type<{ by: number }>(), state: type<number>(), calls: { add: { result: type<number>() } } })
    .fold(0, (sum, { by }) => sum + by)
    .serve({ authorize: () => true, decide: { add: () => accept({ by: 1 }, 1) } });
}

test("with REDIS_URL a durable room in SQLite is refused before anything is opened, and the start says why", async () => {
  const app = new NexiosApp({ env: nowhere }).add(served("volatile"), served("durable"));

  await expect(app.start()).rejects.toThrow(/durable\/\{id\} is durable, and SQLite belongs to one process/);
  await app.stop();
});

test("rooms are taken when all processes have their logs", () => {
  const both = [served("volatile"), served("durable")];

  expect(() => requireSharedLogs(both, new Set<LogKind>(["volatile", "durable"]))).not.toThrow();
  expect(() => requireSharedLogs(both, new Set<LogKind>(["durable"]))).toThrow(/volatile rooms of several processes need REDIS_URL/);
  expect(() => requireSharedLogs([], new Set<LogKind>())).not.toThrow();
});

test("a Redis that is not there is told at the start by a code, and nothing is left open", async () => {
  const app = new NexiosApp({ env: nowhere }).add(served("volatile"));

  await expect(app.start()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await expect(app.start()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await app.stop();
});

test("without an address an app is alone, and keeps volatile rooms in memory", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nexios-alone-"));
  await using app = new NexiosApp({ env: { REDIS_URL: "", NEXIOS_DATA: folder } }).add(served("volatile"));

  await expect(app.start()).resolves.toBeUndefined();

  rmSync(folder, { recursive: true });
});

test("a broker that is given is meant, whatever REDIS_URL says; beside the option redis it is refused", async () => {
  await using app = new NexiosApp({ env: nowhere, broker: createMemoryBroker() });

  await app.start();

  expect(() => new NexiosApp({ broker: createMemoryBroker(), redis: { url: nowhere.REDIS_URL } })).toThrow(/do not go together/);
});

test.each(["http://redis", "redis", "redis://a,ftp://b"])("an address that is none is refused at once: %s", (url) => {
  expect(() => new NexiosApp({ redis: { url }, env: {} })).toThrow(/The address of Redis is/);
});

test.each(["{a}", "a*", "a b", "\u00e4", "x".repeat(65)])("a prefix that could cross into others is refused: %s", (prefix) => {
  expect(() => new NexiosApp({ redis: { url: "redis://localhost", prefix } })).toThrow(/prefix of keys/);
});

test.each([{ keepMs: 0 }, { shards: 1.5 }, { waitingBytes: Infinity }])("a number of the options that is none is refused: %j", (options) => {
  expect(() => new NexiosApp({ redis: { url: "redis://localhost", ...options } })).toThrow(/is a whole number from 1 on/);
});

test("who subscribes before a broker is there is heard when it is, with each broker that follows", async () => {
  const network = new MemoryNetwork();
  const [late, other] = [new LateBroker(), network.join()];
  const heard: string[] = [];
  const subscribed = late.subscribe("t", (message) => heard.push(`${message[0]}`));
  void late.subscribe("left", () => heard.push("left"));
  late.unsubscribe("left");
  late.publish("t", Uint8Array.of(0));

  for (const number of [1, 2]) {
    late.use(network.join());
    await subscribed;
    for (const topic of ["t", "left"]) other.publish(topic, Uint8Array.of(number));
    await Promise.resolve();
    await late.close();
  }

  expect(heard).toEqual(["1", "2"]);
});

test.each(["redis+sentinel://a", "redis+sentinel://a/one,redis+sentinel://b/two", "redis+sentinel://a/one,redis://b"])(
  "sentinels name one primary: %s does not",
  (url) => {
    expect(() => new NexiosApp({ redis: { url }, env: {} })).toThrow(/the name of one primary/);
  },
);
