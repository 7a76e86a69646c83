import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { answerTo, openRaw } from "../../../test/wire/raw-socket.ts";
import { createMemoryBroker } from "../broker/memory-broker.ts";
import { CountedClock } from "../health/counted-clock.fixture.ts";
import { Health } from "../health/health.ts";
import type { Store } from "../log/store.ts";
import { Metrics } from "../metrics/registry.ts";
import { connect } from "../testing/index.ts";
import { NexiosApp } from "./app.ts";
import { probeStore, probeWhenOpen } from "./own-probes.ts";

const secret = "a secret of the tests, long enough";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-health-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** An app over a real port, with a connection whose handler says each message back, and ends when it is told to. */
async function openHouse() {
  const clock = new CountedClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock, load: calm, random: () => 0.5 });
  const left = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  app.serveHealth({
    details: async (c, next) => {
      if (c.req.query("hold") === undefined) return next();
      held.resolve();
      return new Promise(() => undefined);
    },
  });
  app.get("/plain", (c) => c.text("plain"));
  app.wsRoute("/echo", async (ws) => {
    await ws.accept();
    for await (const message of ws.messages()) await ws.sendJson(message);
    await left.promise;
  });
  const { url, port } = await app.listen({ port: 0 });
  const peer = await connect(url, "/echo");
  const statusOf = async (path: string): Promise<number> => (await fetch(`${url}${path}`)).status;
  const echo = async (text: string): Promise<unknown> => {
    peer.sendJson(text);
    return peer.nextJson();
  };
  return { app, clock, url, port, peer, left, held, statusOf, echo };
}

test("from the first moment of a stop ready is 503, while for notReadyMs all else goes on as before", async () => {
  const { app, clock, url, peer, left, statusOf, echo } = await openHouse();
  const before = [await statusOf("/health/ready"), await statusOf("/health/live")];

  const stopping = app.stop({ notReadyMs: 5_000 });
  const during: unknown[] = [];
  for (let step = 0; step < 10; step++) {
    during.push([await statusOf("/health/ready"), await statusOf("/health/live"), await statusOf("/plain"), await echo(`message ${step}`)]);
    await clock.advance(499);
  }
  const late = await connect(url, "/echo");
  const isOpen = app.connectionCount;
  await clock.advance(10);
  left.resolve();
  const ends = await Promise.all([peer.closed, late.closed]);
  await stopping;

  expect(before).toEqual([200, 200]);
  expect(during).toEqual(Array.from({ length: 10 }, (_, step) => [503, 200, 200, `message ${step}`]));
  expect(isOpen).toBe(2);
  expect(ends).toEqual([
    { code: 4503, reason: "1000" },
    { code: 4503, reason: "1000" },
  ]);
});

test("ready is 503 before the first connection is closed, also of a stop that gives no time", async () => {
  const { app, peer, left } = await openHouse();
  let isClosed = false;
  void peer.closed.then(() => (isClosed = true));

  const stopping = app.stop();
  const seen = [(await app.request("/health/ready")).status, isClosed];
  left.resolve();
  await stopping;

  expect(seen).toEqual([503, false]);
});

test("while connections and handlers end, ready and live are still answered over new and old sockets, and nothing else is", async () => {
  const { app, url, port, peer, left, statusOf } = await openHouse();
  const kept = await openRaw(port);
  const ask = (path: string): Promise<void> => kept.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await ask("/health/ready");
  await kept.until(({ text }) => text.includes('"pass"'));

  const stopping = app.stop();
  await peer.closed;
  const fresh = [await statusOf("/health/ready"), await statusOf("/health/live"), await statusOf("/health"), await statusOf("/plain")];
  const refusal = await fetch(`${url}/plain`);
  const upgrade = connect(url, "/echo");
  await expect(upgrade).rejects.toMatchObject({ status: 503, body: expect.stringContaining("UNAVAILABLE") });
  await ask("/health/ready");
  await kept.until(({ text }) => text.includes('"fail"'));
  left.resolve();
  await stopping;

  expect(fresh).toEqual([503, 200, 503, 503]);
  expect([await refusal.json(), refusal.headers.get("retry-after"), refusal.headers.get("connection")]).toEqual([
    { code: "UNAVAILABLE", message: expect.any(String) },
    "2",
    "close",
  ]);
  await kept.ended;
  await expect(fetch(url)).rejects.toThrow(/fetch failed/);
});

test("who asks for the health while the app stops does not keep the stop from its end", async () => {
  const { app, port, left, held } = await openHouse();
  const asked = await openRaw(port);
  const stopping = app.stop();

  await asked.write("GET /health?hold HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await held.promise;
  left.resolve();
  await stopping;

  await expect(answerTo(port, "")).rejects.toThrow(/ECONNREFUSED/);
});

test("a stop waits for nobody's notice where nothing listens, and takes no time that is none", async () => {
  const clock = new CountedClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  app.serveHealth();
  await app.start();

  for (const notReadyMs of [-1, Number.NaN, Infinity]) expect(() => app.stop({ notReadyMs })).toThrow(/notReadyMs/);
  await app.stop({ notReadyMs: 60_000 });

  expect(clock.monotonic()).toBe(0);
});

test("an app with probes that hang leaves no timer behind", async () => {
  const clock = new CountedClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  app.health.probe("hangs", () => new Promise(() => undefined), { needed: true });
  app.serveHealth();
  await app.start();
  await clock.advance(15_000);

  await app.stop();

  expect(clock.timers).toBe(0);
});

test("the store is a probe of its own as soon as it is used: ready at once, and needed", async () => {
  const clock = new CountedClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock, rooms: { folder, synchronous: "normal" } });
  app.serveHealth();
  await app.start();
  const unused = app.health.report().probes;

  await app.store.query("select 1");
  const opened = app.health.report();
  await vi.waitFor(() => expect(app.health.report().probes[0]?.beats).toMatchObject([{ ok: true }]));
  await app.stop();

  expect(unused).toEqual([]);
  expect([opened.status, opened.probes]).toEqual(["pass", [expect.objectContaining({ name: "store", needed: true, status: "pass" })]]);
});

test("a store that answers no more makes the app not ready, after its checks have failed thrice", async () => {
  const clock = new CountedClock();
  const health = new Health({ clock, random: () => 0, metrics: new Metrics() }).use();
  const transaction = vi.fn<() => Promise<never>>(() => new Promise(() => undefined));
  probeStore(health, { transaction } as Pick<Store, "transaction"> as Store);
  health.start();

  await clock.advance(19_999);
  const before = health.report();
  await clock.advance(1);
  const after = health.report();
  health.close();

  expect([before.status, before.reason, after.status, after.reason]).toEqual(["warn", "store: warn", "fail", "store: fail"]);
  expect(transaction).toHaveBeenCalledTimes(1);
});

test("an app that starts again after a failed start asks the store that is open now", async () => {
  const clock = new CountedClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock, rooms: { folder, synchronous: "normal" } });
  let starts = 0;
  app.store.migrate([{ number: 1, name: "colours", sql: "create table colour (name text)" }]);
  app.onStart(() => {
    if (++starts === 1) throw new Error("not yet");
  });
  app.serveHealth();
  await expect(app.start()).rejects.toThrow("not yet");

  await app.start();
  await vi.waitFor(() => expect(app.health.report().probes).toMatchObject([{ name: "store", beats: [{ ok: true }] }]));
  await app.stop();
});

test("a broker that tells of its connection is a probe that is not needed", async () => {
  const clock = new CountedClock();
  const listeners: ((isConnected: boolean) => void)[] = [];
  const broker = Object.assign(createMemoryBroker(), { onConnection: (listener: (isConnected: boolean) => void) => void listeners.push(listener) });
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock, broker });
  app.serveHealth();
  await app.start();
  const seen: unknown[] = [];
  const note = async (): Promise<void> => {
    await clock.advance(1_000);
    const { status, reason } = app.health.report();
    seen.push([status, reason]);
  };

  await note();
  for (const tell of listeners) tell(false);
  await note();
  for (const tell of listeners) tell(true);
  await note();
  await app.stop();

  expect(seen).toEqual([
    ["pass", undefined],
    ["warn", "broker: fail"],
    ["pass", undefined],
  ]);
});

test("ready warns while the store's time is not known well enough, and says so by the probe clock", async () => {
  const clock = new CountedClock();
  const health = new Health({ clock, random: () => 0.5, metrics: new Metrics() }).use();
  const rooms = { timeBound: { ms: 100, isKnown: true } };
  health.start();
  probeWhenOpen(health).onSharedTime(rooms);
  const seen: unknown[] = [];

  for (const timeBound of [rooms.timeBound, { ms: 100.5, isKnown: false }, rooms.timeBound]) {
    rooms.timeBound = timeBound;
    await clock.advance(1_000);
    const { status, reason, probes } = health.report();
    seen.push([status, reason, probes[0]?.beats.at(-1)?.error]);
  }
  health.close();

  expect(seen).toEqual([
    ["pass", undefined, undefined],
    ["warn", "clock: fail", "The store's time is known to 101 ms only: rooms wait with what they do at their hours"],
    ["pass", undefined, undefined],
  ]);
});

test("an app whose health is not used sets no timer for it", async () => {
  const [plain, used] = [new CountedClock(), new CountedClock()];
  const apps = [plain, used].map((clock) => new NexiosApp({ auth: { jwt: { secret } }, clock }));
  apps[1]?.serveHealth();

  for (const app of apps) await app.start();
  const timers = used.timers - plain.timers;
  for (const app of apps) await app.stop();

  expect(timers).toBe(1);
});
