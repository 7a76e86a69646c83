import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { turn } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";
import { connect, ManualClock } from "../testing/index.ts";
import type { AppOptions } from "../app/options.ts";
import { Channel } from "../channels/channel.ts";
import { HandshakeRefused, type Peer } from "./peer.ts";
import { auth } from "./auth.ts";
import type { Connection } from "./connection.ts";
import type { NexiosError } from "../protocol/failure.ts";

const secret = "a secret of thirty-two bytes at least";

test("connections: the last place is given, the next is refused with 503 and Retry-After, and a place that becomes free is given again", async () => {
  using reports = collectReports();
  const { app, url } = await house({ limits: { connections: 3 } });
  const peers = await arrive(url, 3);

  const refused = await refusal(connect(url, "/"));
  peers[0]!.close();
  await peers[0]!.closed;
  await forConnections(app, 2);
  await connect(url, "/");

  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  expect(JSON.parse(refused.body)).toMatchObject({ code: "TOO_MANY_CONNECTIONS" });
  expect(reports.of("refused")).toEqual([{ code: "TOO_MANY_CONNECTIONS", status: 503, address: "127.0.0.1" }]);
  expect(app.connectionCount).toBe(3);
  await app.stop();
});

test("connections: a refused or malformed request gives its place back", async () => {
  const { app, url } = await house({ limits: { connections: 1 } });

  for (let at = 0; at < 3; at++) await expect(connect(url, "/nowhere")).rejects.toMatchObject({ status: 404 });
  await connect(url, "/");

  expect(app.connectionCount).toBe(1);
  await app.stop();
});

test("connectionsPerUser: past the tenth a user's oldest connection is closed with 4409, and another user's are left alone", async () => {
  const { app, url } = await house();
  const [ann, bob] = [await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 }), await app.tokens.issue({ sub: "bob" }, { expiresInSeconds: 60 })];
  const bobs = await arrive(url, 1, bob, "/me");
  const anns = await arrive(url, 10, ann, "/me");
  const before = app.connectionCount;

  anns.push(...(await arrive(url, 1, ann, "/me")));
  const ending = await anns[0]!.closed;
  await forConnections(app, 11);

  expect(before).toBe(11);
  expect(ending).toEqual({ code: 4409, reason: "replaced by a newer connection" });
  for (const peer of [...anns.slice(1), ...bobs]) {
    peer.sendText("?");
    expect(await peer.next()).toBe("?");
  }
  await app.stop();
});

test("connectionsPerAddress: past the limit of an address it is refused with 503, whoever it is", async () => {
  const { app, url } = await house({ limits: { connectionsPerAddress: 3, connectionsPerUser: 100 } });
  await arrive(url, 3);

  const token = await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });

  await expect(connect(url, "/me", { token })).rejects.toMatchObject({ status: 503, headers: { "retry-after": "2" } });
  expect(app.connectionCount).toBe(3);
  await app.stop();
});

test("connectsPerAddress: a burst is taken, the next is told when to come, and then it is taken", async () => {
  const clock = new ManualClock();
  const { app, url } = await house({ clock, limits: { connectsPerAddress: { perSecond: 0.25, burst: 5 } } });
  await arrive(url, 5);

  const refused = await refusal(connect(url, "/"));
  await clock.advance(3_999);
  const early = await refusal(connect(url, "/"));
  await clock.advance(1);
  await connect(url, "/");

  expect(refused).toMatchObject({ status: 503, headers: { "retry-after": "4" } });
  expect(early).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
  expect(app.connectionCount).toBe(6);
  await app.stop();
});

test("behind a trusted proxy each client is counted by its own address, an IPv6 one by its /64", async () => {
  const { app, url } = await house({ trustedProxies: ["127.0.0.0/8", "10.0.0.0/8"], limits: { connectionsPerAddress: 1 } });
  const come = (forwarded: string): Promise<unknown> => connect(url, "/", { headers: { "x-forwarded-for": forwarded } });

  await come("203.0.113.1");
  await come("203.0.113.2, 10.1.2.3");
  await come("2001:db8:0:1::1");
  await come("2001:db8:0:2::1");

  await expect(come("203.0.113.1")).rejects.toMatchObject({ status: 503 });
  await expect(come("198.51.100.7, 203.0.113.2")).rejects.toMatchObject({ status: 503 });
  await expect(come("2001:db8:0:1:ffff::9")).rejects.toMatchObject({ status: 503 });
  await expect(come("::ffff:203.0.113.1")).rejects.toMatchObject({ status: 503 });
  expect(app.connectionCount).toBe(4);
  await app.stop();
});

test("without a trusted proxy nobody is believed who says that he is another", async () => {
  const { app, url } = await house({ limits: { connectionsPerAddress: 1 } });
  await connect(url, "/", { headers: { "x-forwarded-for": "203.0.113.1" } });

  await expect(connect(url, "/", { headers: { "x-forwarded-for": "203.0.113.2" } })).rejects.toMatchObject({ status: 503 });
  await app.stop();
});

test("loopDelayMs and overloadMs: new connections are refused once the loop has been late for two seconds, those that are there go on, and calm opens the door", async () => {
  const clock = new ManualClock();
  const load = { ...calm, delayMs: 0, loopDelayMs: () => load.delayMs };
  const { app, url } = await house({ clock, load });
  const [peer] = await arrive(url, 1);
  const outcomes: string[] = [];
  const look = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    outcomes.push(await tryConnect(url));
  };

  load.delayMs = 200;
  await look(10_000);
  load.delayMs = 201;
  await look(2_000);
  await look(500);
  peer!.sendText("still here");
  const answer = await peer!.next();
  load.delayMs = 200;
  await look(500);

  expect(outcomes).toEqual(["open", "open", "503 OVERLOADED", "open"]);
  expect(answer).toBe("still here");
  await app.stop();
});

test("heapFraction: new connections are refused at once while the heap is above its part", async () => {
  const clock = new ManualClock();
  const load = { ...calm, fraction: 0.8, heapFraction: () => load.fraction };
  const { app, url } = await house({ clock, load });

  await clock.advance(500);
  const atBorder = await tryConnect(url);
  load.fraction = 0.81;
  await clock.advance(500);
  const full = await tryConnect(url);
  load.fraction = 0.5;
  await clock.advance(500);

  expect([atBorder, full, await tryConnect(url)]).toEqual(["open", "503 OVERLOADED", "open"]);
  await app.stop();
});

test("groupsPerConnection and groups: the last is entered, the next is refused, and the connection stays", async () => {
  const { app } = await house({ limits: { groupsPerConnection: 2, groups: 3 } });
  app.wsRoute("/groups", async (ws) => {
    await ws.accept();
    const channel = new Channel(ws, { payloadType: "text" });
    for await (const name of ws.messages()) {
      const outcome = await app.channels.addChannelToGroup(channel, String(name)).catch((error: unknown) => (error as NexiosError).code);
      await ws.sendJson(outcome);
    }
  });
  const [ann, bob] = [await connect(app, "/groups"), await connect(app, "/groups")];

  const entered = [
    await enter(ann, "a"),
    await enter(ann, "b"),
    await enter(ann, "c"),
    await enter(bob, "c"),
    await enter(bob, "d"),
    await enter(bob, "a"),
    await enter(bob, "a"),
  ];

  expect(entered).toEqual([true, true, "TOO_MANY_GROUPS", true, "TOO_MANY_GROUPS", true, false]);
  expect(app.channels.groupNames.toSorted()).toEqual(["a", "b", "c"]);
  await app.stop();
});

test("groupsPerConnection: two channels of one connection share it, and the place of a group that both have left is free", async () => {
  const { app } = await house({ limits: { groupsPerConnection: 2, groups: 10 } });
  const opened = Promise.withResolvers<[Channel, Channel]>();
  app.wsRoute("/groups", async (ws) => {
    await ws.accept();
    opened.resolve([new Channel(ws, { payloadType: "text" }), new Channel(ws, { payloadType: "text" })]);
    await ws.receiveText();
  });
  await connect(app, "/groups");
  const [one, other] = await opened.promise;
  const enterAs = (channel: Channel, name: string): Promise<unknown> =>
    app.channels.addChannelToGroup(channel, name).catch((error: unknown) => (error as NexiosError).code);

  const entered = [await enterAs(one, "a"), await enterAs(other, "b"), await enterAs(one, "c"), await enterAs(other, "c")];
  await app.channels.removeChannelFromGroup(one, "a");
  const afterwards = [await enterAs(other, "c"), await enterAs(one, "a")];

  expect(entered).toEqual([true, true, "TOO_MANY_GROUPS", "TOO_MANY_GROUPS"]);
  expect(afterwards).toEqual([true, "TOO_MANY_GROUPS"]);
  expect(app.channels.groupNames.toSorted()).toEqual(["b", "c"]);
  await app.stop();
});

async function house(options: AppOptions = {}): Promise<{ app: NexiosApp; url: string }> {
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, ...options });
  app.wsRoute("/", echo);
  app.wsRoute("/me", auth(["jwt"]), echo);
  if (options.limits?.groups !== undefined) return { app, url: "" };
  return { app, url: (await app.listen({ port: 0 })).url };
}

async function echo(ws: Pick<Connection, "accept" | "sendText" | "receiveText">): Promise<void> {
  await ws.accept();
  for (;;) await ws.sendText(await ws.receiveText());
}

async function arrive(url: string, count: number, token?: string, path = "/"): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (let at = 0; at < count; at++) peers.push(await connect(url, path, token === undefined ? {} : { token }));
  return peers;
}

async function refusal(opening: Promise<unknown>): Promise<HandshakeRefused> {
  const error: unknown = await opening.catch((refused: unknown) => refused);
  if (error instanceof HandshakeRefused) return error;
  throw new Error("The handshake was not refused", { cause: error });
}

async function tryConnect(url: string): Promise<string> {
  try {
    await connect(url, "/");
    return "open";
  } catch (error) {
    if (error instanceof HandshakeRefused) return `${error.status} ${(JSON.parse(error.body) as { code: string }).code}`;
    throw error;
  }
}

/** The server hears of an end a moment after its peer. */
async function forConnections(app: NexiosApp, count: number): Promise<void> {
  while (app.connectionCount !== count) await turn();
}

async function enter(peer: Peer, groupName: string): Promise<unknown> {
  peer.sendJson(groupName);
  return peer.nextJson();
}
