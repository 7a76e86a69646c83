import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { expect, test } from "vitest";
import { auth } from "../server/auth.ts";
import { readJson } from "../server/body.ts";
import type { Connection } from "../server/connection.ts";
import { NexiosError } from "../server/failure.ts";
import { Router } from "../server/router.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";

const secret = "a secret of the tests, long enough";

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

test("an error handler sees HTTP and WebSocket errors, and answers the first", async () => {
  await using app = new NexiosApp();
  const seen: string[] = [];
  app.onError((error, c) => {
    seen.push(`${(error as Error).message} ${c.var.ws === undefined ? "http" : "ws"}`);
    return c.var.ws === undefined ? c.text("handled", 418) : undefined;
  });
  app.get("/boom", () => {
    throw new Error("first");
  });
  app.wsRoute("/boom/live", async (ws) => {
    await ws.accept();
    throw new Error("second");
  });

  const response = await app.request("/boom");
  const peer = await app.connect("/boom/live");

  expect([response.status, await response.text()]).toEqual([418, "handled"]);
  expect(await peer.closed).toMatchObject({ code: 4500 });
  expect(seen).toEqual(["first http", "second ws"]);
});

test("what a handler throws reaches nobody as text", async () => {
  await using app = new NexiosApp();
  app.get("/boom", () => {
    throw new Error("password=hunter2");
  });

  const response = await app.request("/boom");

  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ code: "INTERNAL", message: "Something failed on the server" });
});

test("a body is parsed within bounds and checked by its schema", async () => {
  await using app = new NexiosApp();
  app.post("/things", async (c) => c.json(await readJson(c, z.object({ n: z.number() }))));

  const post = async (body: string): Promise<unknown> => {
    const response = await app.request("/things", { method: "POST", body });
    return [response.status, ((await response.json()) as { code?: string }).code];
  };

  expect(await post('{"n":1}')).toEqual([200, undefined]);
  expect(await post('{"n":')).toEqual([400, "BAD_JSON"]);
  expect(await post('{"n":"x"}')).toEqual([400, "INVALID_MESSAGE"]);
  expect(await post('{"__proto__":{"n":1},"n":1}')).toEqual([400, "BAD_JSON"]);
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

test("a port in use is told by a code and what to do", async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  const { port } = occupant.address() as AddressInfo;
  const app = new NexiosApp({ auth: { jwt: { secret } } });

  const listening = app.listen({ port });

  await expect(listening).rejects.toMatchObject({ code: "PORT_IN_USE", message: expect.stringContaining("PORT") });
  await new Promise((resolve) => occupant.close(resolve));
});

test("stop tells connections to come back, waits for their handlers, then runs the stop hooks", async () => {
  const app = new NexiosApp({ auth: { jwt: { secret } }, random: () => 0.5 });
  const steps: string[] = [];
  app.onStart(() => void steps.push("start"));
  app.onStop(() => void steps.push("stop"));
  app.wsRoute("/live", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    for await (const _ of ws.messages());
    await new Promise((resolve) => setImmediate(resolve));
    steps.push("handler ended");
  });
  const { url } = await app.listen({ port: 0 });
  const response = await fetch(`${url}/none`);
  const peer = await app.connect("/live");
  await peer.next();

  await Promise.all([app.stop(), app.stop()]);

  expect(response.status).toBe(404);
  expect(await peer.closed).toEqual({ code: 4503, reason: "1000" });
  expect(steps).toEqual(["start", "handler ended", "stop"]);
  await expect(fetch(url)).rejects.toThrow();
});

test("stop lets a request that is being answered finish", async () => {
  const app = new NexiosApp({ auth: { jwt: { secret } } });
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<string>();
  app.get("/slow", async (c) => {
    asked.resolve();
    return c.text(await answer.promise);
  });
  const { url } = await app.listen({ port: 0 });

  const fetching = fetch(`${url}/slow`);
  await asked.promise;
  const stopping = app.stop();
  answer.resolve("done");

  expect(await (await fetching).text()).toBe("done");
  await stopping;
});

test("stop cuts at its deadline what does not end by itself", async () => {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  const forced: unknown[] = [];
  const onStopped = (fields: unknown): void => void forced.push(fields);
  subscribe("nexios:stopped", onStopped);
  app.wsRoute("/stuck", async (ws) => {
    await ws.accept();
    await ws.sendText("hello");
    await new Promise(() => undefined);
  });
  const peer = await app.connect("/stuck");
  await peer.next();
  peer.pause();

  const stopping = app.stop({ deadlineMs: 2_000 });
  await clock.advance(2_000);
  await stopping;
  unsubscribe("nexios:stopped", onStopped);

  expect(forced).toEqual([{ forced: 1 }]);
});

test("a ticker runs while the app does, never twice at once, and its failure is reported", async () => {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock });
  const errors: unknown[] = [];
  const onError = (fields: unknown): void => void errors.push((fields as { error: unknown }).error);
  subscribe("nexios:error", onError);
  let runs = 0;
  let release = (): void => undefined;
  app.every(1_000, () => {
    runs++;
    if (runs === 2) return new Promise<void>((resolve) => (release = resolve));
    if (runs === 3) throw new Error("third");
    return undefined;
  });

  await clock.advance(2_000);
  const beforeStart = runs;
  await app.start();
  await clock.advance(4_000);
  const whileRunning = runs;
  release();
  await clock.advance(2_000);
  await app.stop();
  await clock.advance(5_000);
  unsubscribe("nexios:error", onError);

  expect([beforeStart, whileRunning, runs]).toEqual([0, 2, 4]);
  expect(errors).toEqual([new Error("third")]);
});

test("options that mean nothing are refused at once", () => {
  expect(() => new NexiosApp({ limits: { nonsense: 1 } as object })).toThrow(/nonsense/);
  expect(() => new NexiosApp({ limits: { messageBytes: 0 } })).toThrow(/messageBytes/);
  expect(() => new NexiosApp({ origins: ["app.example"] })).toThrow(/origin/);
  expect(() => new NexiosApp({ trustedProxies: ["10.0.0.0/x"] })).toThrow();
  expect(() => new NexiosApp({ auth: { session: {} } })).toThrow(/session/);
});

test("a failure of ours keeps its cause and says its status", () => {
  const cause = new Error("cause");

  const failure = new NexiosError("FORBIDDEN", "no", { status: 403, cause });

  expect(failure).toMatchObject({ name: "NexiosError", code: "FORBIDDEN", status: 403, cause });
});
