import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Broker } from "../broker/broker.ts";
import { createMemoryBroker, MemoryNetwork } from "../broker/memory-broker.ts";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import type { ServedRoom } from "../contract/served-room.ts";
import type { LogKind } from "../contract/shape.ts";
import { type } from "../contract/type.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { AppRooms } from "./app-rooms.ts";
import { NexiosApp } from "./app.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-start-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("after a start that failed since the broker was away the rooms start", async () => {
  const broker = createFailing();
  const rooms = new AppRooms({
    broker,
    isAlone: true,
    clock: new ManualClock(),
    env: {},
    isOverloaded: () => false,
    random: () => 0.5,
    callRoom: () => Promise.reject(new Error("no calls")),
    migrations: () => [],
    inTransaction: (run) => run(),
    requireNoTransaction: () => undefined,
    options: { folder },
  });
  rooms.add([served("lot/{id}")]);

  await expect(rooms.start()).rejects.toThrow("the broker is away");
  rooms.add([served("note/{id}")]);
  broker.fails = false;
  await rooms.start();
  const reply = await rooms.use((opened) => opened.call("note/1", { name: "add" }));

  expect(reply.kind).toBe("accepted");
  await rooms.close();
});

test("a start that fails leaves nothing open: another app may have the file", async () => {
  const app = new NexiosApp({ rooms: { folder, limits: { presenceBytes: 1e9 } } }).add(served("lot/{id}"));

  await expect(app.start()).rejects.toThrow("presenceBytes");

  await expectFree();
});

test("so does one whose start hook fails, and the app can start when the hook does not", async () => {
  const app = new NexiosApp({ rooms: { folder } }).add(served("lot/{id}"));
  let fails = true;
  app.onStart(() => {
    if (fails) throw new Error("not yet");
  });

  await expect(app.start()).rejects.toThrow("not yet");
  await expectFree();
  fails = false;
  await app.start();

  await expect(app.withdraw("ann")).resolves.toBeUndefined();
  await app.stop();
});

test("an app that is stopped while it starts leaves nothing open, and a start hook that calls a room is told so", async () => {
  const lot = contract("lot/{id}", "durable");
  const app = new NexiosApp({ rooms: { folder } }).add(served("lot/{id}"));
  const called = Promise.withResolvers<unknown>();
  app.onStart(async () => {
    await app.stop();
    await app.room(lot, { id: "1" }).call("add").catch(called.resolve);
  });

  await expect(app.start()).rejects.toMatchObject({ code: "STOPPED" });

  expect(await called.promise).toMatchObject({ code: "STOPPED" });
  await expectFree();
});

test("a stop during the opening waits for it, and closes what is opened by then", async () => {
  const app = new NexiosApp({ rooms: { folder } }).add(served("lot/{id}"));

  const starting = app.start().catch((error: { code: string }) => error.code);
  await app.stop();

  await expectFree();
  expect(await starting).toBe("STOPPED");
});

test("a start hook that calls a room of an app without rooms is told so", async () => {
  const app = new NexiosApp();
  const codes: unknown[] = [];
  app.onStart(async () => {
    await app
      .room(contract("lot/{id}", "durable"), { id: "1" })
      .call("add")
      .catch((error: { code: string }) => codes.push(error.code));
  });

  await app.start();

  expect(codes).toEqual(["STOPPED"]);
  expect(() => app.add(served("lot/{id}"))).toThrow("Rooms and subscriptions are added before the app starts");
  await app.stop();
});

test.each<[LogKind, string, () => Broker]>([
  ["volatile", "a broker that others may share", createMemoryBroker],
  ["durable", "a broker that others may share", createMemoryBroker],
  ["volatile", "a network of apps in one process", () => new MemoryNetwork().join()],
])("%s rooms and %s do not go together: the start says why", async (log, _what, createBroker) => {
  const app = new NexiosApp({ broker: createBroker(), rooms: { folder } }).add(served("lot/{id}", log));

  await expect(app.start()).rejects.toThrow(TypeError);
  await expect(app.start()).rejects.toThrow(/broker.*REDIS_URL/);
  await expectFree();
  await app.stop();
});

test("an app without rooms takes any broker", async () => {
  await using app = new NexiosApp({ broker: createMemoryBroker() });

  await expect(app.start()).resolves.toBeUndefined();
});

test("rooms whose names can be the same are refused where they are added, and are not served", async () => {
  await using app = new NexiosApp({ rooms: { folder } }).add(served("lot/{id}"));

  expect(() => app.add(served("{kind}/new"))).toThrow('"lot/{id}" and "{kind}/new"');
  expect(() => app.add(served("nexios/rights"))).toThrow('"nexios/rights"');
  await expect(app.start()).resolves.toBeUndefined();
});

async function expectFree(): Promise<void> {
  const other = new NexiosApp({ rooms: { folder } }).add(served("lot/{id}"));
  await expect(other.start()).resolves.toBeUndefined();
  await other.stop();
}

function createFailing(): Broker & { fails: boolean } {
  const broker = createMemoryBroker();
  return Object.assign(broker, {
    fails: true,
    subscribe(this: { fails: boolean }) {
      return this.fails ? Promise.reject(new Error("the broker is away")) : Promise.resolve();
    },
  });
}

// The types of a path that is not written out are of no use here.
function contract<Path extends string>(path: Path, log: LogKind) {
  return defineRoom(path, { log, entry: type<{ by: number }>(), state: type<number>(), calls: { add: {} } }).fold(0, (sum, { by }) => sum + by);
}

function served(path: string, log: LogKind = "durable"): ServedRoom {
  return contract(path, log).serve({ authorize: () => true, decide: { add: () => accept({ by: 1 }) } });
}
