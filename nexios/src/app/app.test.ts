import { expect, test } from "vitest";
import { auth } from "../server/auth.ts";
import type { Connection } from "../server/connection.ts";
import { Router } from "../server/router.ts";
import { NexiosApp } from "./app.ts";

test("a path's parameters reach HTTP and WebSocket handlers from one matcher", async () => {
  await using app = new NexiosApp();
  app.get("/shops/{shopId}/items/{itemId}", (c) => c.json(c.req.param()));
  app.wsRoute("/live/{shopId}/{itemId}", async (ws) => {
    await ws.accept();
    await ws.sendJson({ shop: ws.params.shopId, item: ws.params.itemId });
  });

  const response = await app.request("/shops/7/items/a%20b");
  const peer = await app.connect("/live/7/a%20b");

  expect(await response.json()).toEqual({ shopId: "7", itemId: "a b" });
  expect(await peer.nextJson()).toEqual({ shop: "7", item: "a b" });
});

test("a parameter that the path does not name does not compile", () => {
  const app = new NexiosApp();

  app.wsRoute("/collab/{documentId}", (ws) => {
    // @ts-expect-error the path has no such parameter
    void ws.params.documentID;
    // @ts-expect-error nobody has asked who it is
    void ws.user.id;
  });
  app.wsRoute("/x", auth(["jwt"]), (ws) => void ws.user.id);
  app.get("/x/{id}", auth(["jwt"]), (c) => c.json({ user: c.var.user.id, id: c.req.param("id") }));
  // @ts-expect-error without `auth` there may be no user
  app.get("/y", (c) => c.json({ user: c.var.user.id }));

  expect(app).toBeInstanceOf(Router);
});

test("a mounted router answers at and below its prefix, and not beside it", async () => {
  await using app = new NexiosApp();
  const shop = new Router().get("/", (c) => c.text("shop")).get("/{id}", (c) => c.text(`item ${c.req.param("id")}`));
  shop.wsRoute("/live", async (ws) => {
    await ws.accept();
    await ws.sendText("live");
  });
  app.mount("/shop", new Router().mount("/v1", shop));

  const answers = await Promise.all(["/shop/v1", "/shop/v1/7", "/shop/v1other", "/shopping", "/shop"].map(async (path) => (await app.request(path)).status));
  const peer = await app.connect("/shop/v1/live");

  expect(answers).toEqual([200, 200, 404, 404, 404]);
  expect(await peer.next()).toBe("live");
});

test("middleware runs around HTTP and WebSocket alike, and lasts as long as the connection", async () => {
  await using app = new NexiosApp();
  const steps: string[] = [];
  const ended = Promise.withResolvers<void>();
  app.use(async (c, next) => {
    steps.push(`in ${c.req.path}`);
    await next();
    steps.push(`out ${c.req.path}`);
    if (c.req.path === "/live") ended.resolve();
  });
  app.get("/plain", (c) => c.text("plain"));
  app.wsRoute("/live", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    for await (const _ of ws.messages());
    steps.push("handler ended");
  });

  await app.request("/plain");
  const peer = await app.connect("/live");
  await peer.next();
  const during = [...steps];
  peer.close();
  await ended.promise;

  expect(during).toEqual(["in /plain", "out /plain", "in /live"]);
  expect(steps.slice(3)).toEqual(["handler ended", "out /live"]);
});

test("middleware of a router runs for what lies below its prefix alone", async () => {
  await using app = new NexiosApp();
  const seen: string[] = [];
  const inner = new Router().use(async (c, next) => {
    seen.push(c.req.path);
    await next();
  });
  inner.get("/x", (c) => c.text("inner"));
  app.mount("/inner", inner).get("/innermost", (c) => c.text("beside"));

  await app.request("/inner/x");
  await app.request("/innermost");

  expect(seen).toEqual(["/inner/x"]);
});

test("middleware that answers before the handler refuses an upgrade with its answer", async () => {
  await using app = new NexiosApp();
  app.use((c) => c.json({ code: "CLOSED_TODAY" }, 503));
  app.wsRoute("/live", (ws) => ws.accept());

  const refused = app.connect("/live");

  await expect(refused).rejects.toMatchObject({ status: 503, body: '{"code":"CLOSED_TODAY"}' });
});

test("a plain request to a WebSocket's address is told to upgrade, an upgrade of a plain one that there is none", async () => {
  await using app = new NexiosApp();
  app.wsRoute("/live", (ws) => ws.accept());
  app.get("/plain", (c) => c.text("plain"));

  const response = await app.request("/live");
  const refused = app.connect("/plain");

  expect([response.status, response.headers.get("upgrade")]).toEqual([426, "websocket"]);
  await expect(refused).rejects.toMatchObject({ status: 404 });
});

test("a plain and a WebSocket route may share an address, whatever their order", async () => {
  await using app = new NexiosApp();
  const live: (text: string) => (ws: Connection) => Promise<void> = (text) => async (ws) => {
    await ws.accept();
    await ws.sendText(text);
  };
  app.get("/a", (c) => c.text("plain a")).wsRoute("/a", live("live a"));
  app.wsRoute("/b", live("live b")).get("/b", (c) => c.text("plain b"));

  const plain = await Promise.all(["/a", "/b"].map(async (path) => (await app.request(path)).text()));
  const peers = await Promise.all(["/a", "/b"].map((path) => app.connect(path)));

  expect(plain).toEqual(["plain a", "plain b"]);
  expect(await Promise.all(peers.map((peer) => peer.next()))).toEqual(["live a", "live b"]);
});

test("a handler that closes or returns before it accepts refuses with 403", async () => {
  await using app = new NexiosApp();
  app.wsRoute("/closes", (ws) => ws.close());
  app.wsRoute("/closes-then-accepts", async (ws) => {
    ws.close();
    await ws.accept();
  });
  app.wsRoute("/returns", () => undefined);

  for (const path of ["/closes", "/closes-then-accepts", "/returns"]) await expect(app.connect(path)).rejects.toMatchObject({ status: 403 });
});

test("routes can't be added once the app has answered, and a wrong path is told at once", async () => {
  await using app = new NexiosApp();
  await app.request("/");

  expect(() => app.get("/late", (c) => c.text("late"))).toThrow(TypeError);
  for (const path of ["x", "/a{b}", "/:id", "/*", "/{a}/{a}", "/a//b"]) expect(() => new Router().get(path, (c) => c.text(""))).toThrow(TypeError);
});

test("options that mean nothing are refused at once", () => {
  expect(() => new NexiosApp({ limits: { nonsense: 1 } as object })).toThrow(/nonsense/);
  expect(() => new NexiosApp({ limits: { messageBytes: 0 } })).toThrow(/messageBytes/);
  expect(() => new NexiosApp({ origins: ["app.example"] })).toThrow(/origin/);
  expect(() => new NexiosApp({ trustedProxies: ["10.0.0.0/x"] })).toThrow(/range/);
  expect(() => new NexiosApp({ auth: { session: {} } })).toThrow(/session/);
  expect(() => new NexiosApp({ limit: {} } as object)).toThrow(/"limit"/);
  expect(() => new NexiosApp({ limits: { messagesPerConnection: 3 } } as object)).toThrow(/perSecond/);
  expect(() => new NexiosApp({ auth: { jwt: { secret: "abc" } } })).toThrow(/32/);
  expect(() => new NexiosApp().every(0, () => undefined)).toThrow(/above 0/);
});
