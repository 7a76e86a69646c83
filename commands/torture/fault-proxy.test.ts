import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../nexios/src/testing/manual-clock.ts";
import { FaultProxy } from "./fault-proxy.ts";
import type { ProxyLink } from "./proxy-link.ts";

let clock: ManualClock;
let server: Server;
let proxy: FaultProxy;
let arrived: Socket[];

beforeEach(async () => {
  clock = new ManualClock();
  arrived = [];
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => undefined);
    arrived.push(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  proxy = await FaultProxy.listen(clock);
  proxy.aim((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  for (const socket of arrived) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  readonly link: ProxyLink;
}

/** A connection through the proxy, from end to end. */
async function openLine(): Promise<Line> {
  const accepted = once(server, "connection");
  const client = connect({ port: proxy.port, host: "127.0.0.1", allowHalfOpen: true });
  client.on("error", () => undefined);
  await accepted;
  const [far, link] = [arrived.at(-1), proxy.links.at(-1)];
  if (far === undefined || link === undefined) throw new Error("The connection has not arrived");
  return { client, server: far, link };
}

/** What a socket has got once it has so many bytes. */
async function read(socket: Socket, length: number): Promise<string> {
  let text = "";
  while (text.length < length) text += String(socket.read() ?? (await once(socket, "readable").then(() => "")));
  return text;
}

/** `once` would take a reset for a failure of its own. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

test("what is written passes both ways, and so does an end", async () => {
  const { client, server: far } = await openLine();

  client.write("there");
  far.write("back");
  const heard = [await read(far, 5), await read(client, 4)];
  client.end();
  far.resume();
  await once(far, "end");

  expect(heard).toEqual(["there", "back"]);
});

test("a cut resets both ends, and no other connection", async () => {
  const [line, other] = [await openLine(), await openLine()];

  line.link.cut();
  await Promise.all([closed(line.client), closed(line.server)]);
  other.client.write("still");

  expect(await read(other.server, 5)).toBe("still");
  expect(proxy.links).toEqual([other.link]);
});

test("an end that is reset resets the other", async () => {
  const { client, server: far } = await openLine();

  far.resetAndDestroy();

  await closed(client);
  expect(client.errored).toMatchObject({ code: "ECONNRESET" });
});

test("a stalled line passes nothing, and all of it when it is healed", async () => {
  const { client, server: far, link } = await openLine();
  link.stall();
  client.write("late");
  await clock.advance(60_000);
  const before = far.bytesRead;

  link.heal();

  expect([before, await read(far, 4)]).toEqual([0, "late"]);
});

test("a delayed line passes each piece after so long", async () => {
  const { client, server: far, link } = await openLine();
  const waiting = nextTimer();
  link.delay(100);
  client.write("late");
  await waiting;
  await clock.advance(99);
  const before = far.bytesRead;

  await clock.advance(1);

  expect([before, await read(far, 4)]).toEqual([0, "late"]);
});

test("a slow line passes so many bytes in a second", async () => {
  const { client, server: far, link } = await openLine();
  const waiting = nextTimer();
  link.slow(1_000);
  client.write("x".repeat(250));
  await waiting;

  const heard: number[] = [];
  for (const length of [100, 100, 50]) {
    const next = nextTimer();
    await clock.advance(length);
    heard.push((await read(far, length)).length);
    if (length === 100) await next;
  }

  expect(heard).toEqual([100, 100, 50]);
});

test("a half-open line passes nothing any more, not even an end, until somebody gives it up", async () => {
  const { client, server: far, link } = await openLine();
  link.halfOpen();
  client.end("unheard");
  await closed(client);
  const before = [far.bytesRead, far.readableEnded, link.isHalfOpen];

  far.destroy();
  await link.ended;

  expect(before).toEqual([0, false, true]);
  expect(proxy.links).toEqual([]);
});

test("a line that is half open while it is stalled loses what waited", async () => {
  const { client, server: far, link } = await openLine();
  link.stall();
  client.write("unheard");

  link.halfOpen();
  client.end();
  await closed(client);

  expect(far.bytesRead).toBe(0);
});

test("without a server, and with one that is gone, a connection is reset", async () => {
  const errors: unknown[] = [];
  const { port } = server.address() as AddressInfo;
  for (const target of [undefined, port]) {
    if (target !== undefined) await new Promise((resolve) => server.close(resolve));
    proxy.aim(target);
    const client = connect({ port: proxy.port, host: "127.0.0.1" });
    const [error] = (await once(client, "error").catch((cause: unknown) => [cause])) as [unknown];
    errors.push(error);
  }

  expect(errors).toEqual([expect.objectContaining({ code: "ECONNRESET" }), expect.objectContaining({ code: "ECONNRESET" })]);
});

/** Resolves when the proxy begins to wait. */
function nextTimer(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const after = clock.after.bind(clock);
  clock.after = (delayMs, fire) => {
    clock.after = after;
    resolve();
    return after(delayMs, fire);
  };
  return promise;
}
