import { auth, Channel, type Connection, NexiosApp } from "nexios";
import { connect, ManualClock, type Peer } from "nexios/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { calm } from "./calm-load.ts";
import { collectReports } from "./collect-reports.ts";
import { turn } from "./raw-socket.ts";

const secret = "a secret of thirty-two bytes at least";
const base = { auth: { jwt: { secret } }, load: calm };
const Edit = z.object({ text: z.string() });

test("a valid token opens a WebSocket behind auth, and a path that does not exist is told apart from a missing token", async () => {
  await using app = new NexiosApp(base);
  app.wsRoute("/notifications", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.sendText("welcome");
  });
  const { url } = await app.listen({ port: 0 });

  const peer = await connect(url, "/notifications", { token: await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 }) });

  expect(await peer.next()).toBe("welcome");
  await expect(connect(url, "/notifications")).rejects.toMatchObject({ status: 401 });
  await expect(connect(url, "/nothing")).rejects.toMatchObject({ status: 404 });
});

test("a handler finds the parameters of its path at the connection", async () => {
  await using app = new NexiosApp(base);
  app.wsRoute("/collab/{documentId}/{part}", async (ws) => {
    await ws.accept();
    await ws.sendJson(ws.params);
  });
  const { url } = await app.listen({ port: 0 });

  const peer = await connect(url, "/collab/42/intro%20duction");

  expect(await peer.nextJson()).toEqual({ documentId: "42", part: "intro duction" });
});

test("a handler behind auth knows its user's id and name", async () => {
  await using app = new NexiosApp(base);
  app.wsRoute("/me", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.sendJson({ id: ws.user.id, name: ws.user.name });
  });
  const { url } = await app.listen({ port: 0 });

  const peer = await connect(url, "/me", { token: await app.tokens.issue({ sub: "u7", name: "Ann" }, { expiresInSeconds: 60 }) });

  expect(await peer.nextJson()).toEqual({ id: "u7", name: "Ann" });
});

test("a channel needs no expiry, and then lives as long as its connection", async () => {
  const clock = new ManualClock();
  await using app = new NexiosApp({ ...base, clock });
  app.wsRoute("/", (ws) => inGroup(app, ws));
  const peer = await connect(app, "/");
  await peer.next();

  // Pongs are answered by the peer in between.
  for (let minute = 0; minute < 60; minute++) await clock.advance(1_000);

  expect(app.channels.groupSend("all", "still here")).toMatchObject({ handed: 1 });
  expect(await peer.next()).toBe("still here");
});

test("a sender that excludes its own channel stays in, and only the others get its message", async () => {
  await using app = new NexiosApp(base);
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    const channel = new Channel(ws, { payloadType: "text" });
    await app.channels.addChannelToGroup(channel, "all");
    await ws.sendText("in");
    for await (const edit of ws.messages(Edit)) app.channels.groupSend("all", edit.text, { exclude: channel });
  });
  const { url } = await app.listen({ port: 0 });
  const [ann, bob] = await arriving(url, 2);

  ann!.sendJson({ text: "by ann" });
  const bobGot = await bob!.next();
  bob!.sendJson({ text: "by bob" });

  expect(bobGot).toBe("by ann");
  expect(await ann!.next()).toBe("by bob");
});

test("an ordinary leave reports nothing and reaches no error handler", async () => {
  using reports = collectReports();
  const errors: unknown[] = [];
  const left = counter();
  await using app = new NexiosApp(base);
  app.onError((error) => void errors.push(error));
  app.wsRoute("/loop", async (ws) => {
    await ws.accept();
    await ws.sendText("in");
    try {
      for (;;) await ws.receiveJson();
    } finally {
      left.add();
    }
  });
  const { url } = await app.listen({ port: 0 });

  const polite = await connect(url, "/loop");
  await polite.next();
  polite.close();
  const rude = await connect(url, "/loop");
  await rude.next();
  rude.terminate();
  await left.reached(2);
  await app.stop();

  expect(errors).toEqual([]);
  expect(reports.troubles).toEqual([]);
});

test.each(["not json", '{"text":1}', new Uint8Array([1, 2])])(
  "a message that is no edit is refused with 4400 and its sender is told, never with 1011: %s",
  async (message) => {
    using reports = collectReports();
    await using app = new NexiosApp(base);
    app.wsRoute("/", async (ws) => {
      await ws.accept();
      await ws.receiveJson(Edit);
    });
    const { url } = await app.listen({ port: 0 });
    const peer = await connect(url, "/");

    if (typeof message === "string") peer.sendText(message);
    else peer.sendBytes(message);

    expect(await peer.nextJson()).toMatchObject({ type: "error" });
    expect(await peer.closed).toMatchObject({ code: 4400 });
    expect(reports.of("error")).toEqual([]);
  },
);

test("five viewers get one update a tick each, since the ticker is the app's and not the viewers'", async () => {
  const clock = new ManualClock();
  await using app = new NexiosApp({ ...base, clock });
  let ticks = 0;
  app.every(5_000, () => void app.channels.groupSend("all", `tick ${++ticks}`));
  app.wsRoute("/", (ws) => inGroup(app, ws));
  const viewers = await arriving(app, 5);

  await clock.advance(15_000);
  app.channels.groupSend("all", "end");

  for (const viewer of viewers) expect(await all(viewer, 4)).toEqual(["tick 1", "tick 2", "tick 3", "end"]);
});

test("a viewer that vanishes without a word leaves the group, and no bystander notices", async () => {
  await using app = new NexiosApp(base);
  const left = counter();
  app.wsRoute("/", async (ws) => {
    await inGroup(app, ws);
    left.add();
  });
  const { url } = await app.listen({ port: 0 });
  const viewers = await arriving(url, 5);

  viewers.at(-1)!.terminate();
  await left.reached(1);
  const report = app.channels.groupSend("all", "next");

  expect(report).toMatchObject({ handed: 4, dropped: 0 });
  for (const viewer of viewers.slice(0, 4)) expect(await viewer.next()).toBe("next");
  expect(app.channels.members("all")).toHaveLength(4);
  expect(app.connectionCount).toBe(4);
});

test("stop is not held up by a handler that only sends, for ever", async () => {
  await using app = new NexiosApp(base);
  let sends = 0;
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for (;;) {
      await ws.sendText(`${++sends}`);
      await turn();
    }
  });
  const { url } = await app.listen({ port: 0 });
  const peer = await connect(url, "/");
  await peer.next();

  await app.stop({ deadlineMs: 60_000 });

  expect(await peer.closed).toMatchObject({ code: 4503 });
  expect(sends).toBeGreaterThan(0);
});

test("stop cuts off a handler that loops without ever looking at its connection, once the deadline is over", async () => {
  using reports = collectReports();
  const clock = new ManualClock();
  const handler = Promise.withResolvers<void>();
  await using app = new NexiosApp({ ...base, clock });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    await ws.sendText("in");
    await handler.promise;
  });
  const { url } = await app.listen({ port: 0 });
  const peer = await connect(url, "/");
  await peer.next();

  const stopping = app.stop({ deadlineMs: 1_000 });
  await clock.advance(1_000);
  await stopping;

  expect(await peer.closed).toBeDefined();
  expect(reports.of("stopped")).toHaveLength(1);
  handler.resolve();
});

test("an event that a route emits reaches its listener, whose failure does not reach the route", async () => {
  using reports = collectReports();
  await using app = new NexiosApp<{ "notification.created": { readonly to: string } }>(base);
  const seen: string[] = [];
  app.events.on("notification.created", () => {
    throw new Error("planted");
  });
  app.events.on("notification.created", ({ to }) => void seen.push(to));
  app.post("/notifications", async (c) => {
    const { called } = await app.events.emit("notification.created", { to: "ann" });
    return c.json({ called });
  });

  const response = await app.request("/notifications", { method: "POST" });

  expect(await response.json()).toEqual({ called: 2 });
  expect(seen).toEqual(["ann"]);
  expect(reports.of("error")).toHaveLength(1);
});

test("a send to a user who is offline says that it reached nobody, and a group that keeps payloads gives them to the late", async () => {
  await using app = new NexiosApp({ ...base, channels: { group: (name) => (name.startsWith("user_") ? { keep: 10 } : undefined) } });

  const kept = app.channels.groupSend("user_ann", { text: "for later" });
  const lost = app.channels.groupSend("room", { text: "for nobody" });

  expect([kept, lost]).toEqual([
    { handed: 0, dropped: 0, gone: 0 },
    { handed: 0, dropped: 0, gone: 0 },
  ]);
  expect(await app.channels.history("user_ann")).toEqual([{ text: "for later" }]);
  expect(await app.channels.history("room")).toEqual([]);
});

async function inGroup(app: NexiosApp, ws: Connection): Promise<void> {
  await ws.accept();
  await app.channels.addChannelToGroup(new Channel(ws, { payloadType: "text" }), "all");
  await ws.sendText("in");
  for await (const message of ws.messages()) app.channels.groupSend("all", message);
}

async function arriving(target: Parameters<typeof connect>[0], count: number): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (let at = 0; at < count; at++) {
    const peer = await connect(target, "/");
    await peer.next();
    peers.push(peer);
  }
  return peers;
}

async function all(peer: Peer, count: number): Promise<unknown[]> {
  const messages: unknown[] = [];
  while (messages.length < count) messages.push(await peer.next());
  return messages;
}

function counter(): { add(): void; reached(count: number): Promise<void> } {
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let current = 0;
  return {
    add() {
      current++;
      for (const { count, resolve } of waiting) if (current >= count) resolve();
    },
    reached: (count) => new Promise((resolve) => (current >= count ? resolve() : void waiting.push({ count, resolve }))),
  };
}
