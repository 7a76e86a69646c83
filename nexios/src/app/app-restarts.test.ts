import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { turn } from "../../../test/wire/raw-socket.ts";
import { Channel } from "../channels/channel.ts";
import { auth } from "../server/auth.ts";
import type { Connection } from "../server/connection.ts";
import { connect } from "../testing/connect.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";

const secret = "a secret of the tests, long enough";

test("those who start at once get one start: hooks run once, and tickers tick once", async () => {
  const clock = new ManualClock();
  await using app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  const opened = Promise.withResolvers<void>();
  let [hooks, ticks] = [0, 0];
  app.onStart(() => {
    hooks++;
    return opened.promise;
  });
  app.every(1_000, () => void ticks++);
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for await (const _ of ws.messages());
  });

  const connecting = Promise.all([app.connect("/"), app.connect("/"), app.connect("/")]);
  opened.resolve();
  await connecting;
  await clock.advance(3_000);

  expect([hooks, ticks]).toEqual([1, 3]);
});

test("after a port that was in use the app listens on another, and is whole", async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  let ticks = 0;
  app.every(1_000, () => void ticks++);
  app.get("/", (c) => c.text("here"));

  const first = app.listen({ port: (occupant.address() as AddressInfo).port });
  await expect(first).rejects.toMatchObject({ code: "PORT_IN_USE" });
  const { url } = await app.listen({ port: 0 });
  await clock.advance(2_000);
  const answer = await (await fetch(url)).text();
  await expect(app.listen({ port: 0 })).rejects.toMatchObject({ code: "ALREADY_LISTENING" });
  await app.stop();
  await new Promise((resolve) => occupant.close(resolve));

  expect([answer, ticks]).toEqual(["here", 2]);
  await expect(fetch(url)).rejects.toThrow("fetch failed");
});

test("an app that was stopped can't be started, also while it starts", async () => {
  const stopped = new NexiosApp({ auth: { jwt: { secret } } });
  await stopped.stop();
  const starting = new NexiosApp({ auth: { jwt: { secret } } });
  const hook = Promise.withResolvers<void>();
  starting.onStart(() => hook.promise);

  const listening = starting.listen({ port: 0 });
  const stopping = starting.stop();
  hook.resolve();

  await expect(stopped.listen({ port: 0 })).rejects.toMatchObject({ code: "STOPPED" });
  await expect(listening).rejects.toMatchObject({ code: "STOPPED" });
  await stopping;
});

test("a port that is none is a mistake of the program", async () => {
  const app = new NexiosApp({ auth: { jwt: { secret } } });

  for (const port of [Number.NaN, -1, 65_536, 1.5]) await expect(app.listen({ port })).rejects.toThrow(TypeError);
});

test("a stop hook that never ends does not hold the deadline", async () => {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  app.onStop(() => new Promise(() => undefined));
  await app.start();

  const stopping = app.stop({ deadlineMs: 300 });
  await clock.advance(300);
  await clock.advance(200);

  await expect(stopping).resolves.toBeUndefined();
});

test("a handler that fails because another connection has ended is at fault, and its own is closed", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } } });
  let other: Connection | undefined;
  const seen: unknown[] = [];
  app.onError((error) => void seen.push((error as { code?: string }).code));
  app.wsRoute("/other", async (ws) => {
    await ws.accept();
    other = ws;
    await ws.sendText("hello");
    for await (const _ of ws.messages());
  });
  app.wsRoute("/mine", async (ws) => {
    await ws.accept();
    await other?.sendText("late");
  });
  app.post("/tell", async (c) => {
    await other?.sendText("late");
    return c.text("told");
  });
  const first = await app.connect("/other");
  await first.next();
  first.terminate();
  await first.closed;
  await expect.poll(() => other?.ending).toBeDefined();

  const mine = await app.connect("/mine");
  const told = await app.request("/tell", { method: "POST" });

  expect(await mine.closed).toMatchObject({ code: 4500 });
  expect(told.status).toBe(500);
  expect(seen).toEqual(["CONNECTION_CLOSED", "CONNECTION_CLOSED"]);
});

test("what nobody waits for may fail without ending the process", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } } });
  const done = Promise.withResolvers<void>();
  app.wsRoute("/receives", async (ws) => {
    await ws.accept();
    const later = [ws.receiveJson(), ws.receiveText(), ws.receiveBytes()];
    void ws.sendJson({ circular: undefined, big: 1n });
    await ws.sendText("hello");
    await new Promise<void>((resolve) => ws.open.onEnd(() => resolve()));
    await turn();
    done.resolve();
    await Promise.all(later);
  });
  app.wsRoute("/closes", (ws) => {
    ws.close(4000);
    void ws.accept();
  });

  const peer = await app.connect("/receives");
  await peer.next();
  peer.close();
  await done.promise;

  await expect(app.connect("/closes")).rejects.toMatchObject({ status: 403 });
});

test("a cookie is a cookie however a method reads it", async () => {
  await using app = new NexiosApp({
    auth: { jwt: { secret }, session: ({ header }) => (header("Cookie")?.includes("sid=bob") ? { user: { id: "bob", name: "Bob" } } : undefined) },
  });
  app.post("/x", auth(["session"]), (c) => c.text(c.var.user.id));
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await app.request("/x", { method: "POST", headers: { host: "app.example", ...headers } })).status;

  expect(await post({ cookie: "a=1;sid=bob", origin: "https://evil.example" })).toBe(403);
  expect(await post({ cookie: "a=1;sid=bob" })).toBe(403);
  expect(await post({ cookie: "a=1;sid=bob", origin: "http://app.example" })).toBe(200);
});

test("a token without a user or an end is not issued, and a path without its slash is told", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } } });

  await expect(app.tokens.issue({ sub: "" }, { expiresInSeconds: 60 })).rejects.toThrow(TypeError);
  await expect(app.tokens.issue({ sub: "ann" }, { expiresInSeconds: Infinity })).rejects.toThrow(TypeError);
  await expect(app.connect("live")).rejects.toThrow('"/live"');
});

test("a slow member that the server cuts sees its end, over streams in memory as over a port", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, channels: { group: () => ({ whenSlow: "close" }) }, limits: { queuedBytes: 20_000 } });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "text" }), "g");
    await ws.sendText("in");
    for await (const _ of ws.messages());
  });
  const { url } = await app.listen({ port: 0 });
  const peers = [await app.connect("/"), await connect(url, "/")];
  for (const peer of peers) {
    await peer.next();
    peer.pause();
  }

  // The kernel takes some megabytes before a socket on a port is full.
  for (let gone = 0, sends = 0; gone < 2 && sends < 2_000; sends++) {
    gone += app.channels.groupSend("g", "x".repeat(15_000)).gone;
    await turn();
  }
  for (const peer of peers) peer.resume();
  const endings = await Promise.all(peers.map((peer) => peer.closed));

  expect(endings.map(({ code }) => code)).toEqual([1006, 1006]);
});
