import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { NexiosApp } from "../app/app.ts";
import { connect, ManualClock } from "../testing/index.ts";
import type { AppOptions } from "../app/options.ts";
import { auth } from "./auth.ts";
import type { User } from "./identity.ts";

const secret = "a secret of thirty-two bytes at least";

test("before the upgrade 400, 401, 403 and 404 tell a token in the URL, a missing or bad proof, one that does not suffice, and no such path apart", async () => {
  let handled = 0;
  const { app, token } = await house();
  app.wsRoute("/admin", auth(["jwt"], { allow: (user) => user.name === "root" }), async (ws) => {
    handled++;
    await ws.accept();
  });

  const refusals = {
    none: await refusal(connect(app, "/admin")),
    bad: await refusal(connect(app, "/admin", { token: `${token}x` })),
    basic: await refusal(connect(app, "/admin", { headers: { authorization: "Basic YTpi" } })),
    weak: await refusal(connect(app, "/admin", { token })),
    url: await refusal(connect(app, `/admin?token=${token}`)),
    nowhere: await refusal(connect(app, "/nowhere", { token })),
  };

  expect(refusals).toEqual({
    none: "401 UNAUTHORIZED",
    bad: "401 TOKEN_INVALID",
    basic: "401 UNAUTHORIZED",
    weak: "403 FORBIDDEN",
    url: "400 TOKEN_IN_URL",
    nowhere: "404 NOT_FOUND",
  });
  expect(handled).toBe(0);
  await app.stop();
});

test.each([
  "/?token=abc",
  "/?TOKEN=abc",
  "/?access_token=abc",
  "/?a=1&jwt=abc",
  "/?authorization=Bearer%20abc",
  "/?x=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
  "/?x=eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
])("a token in the URL is refused with 400, even beside a good one and where no token is needed: %s", async (path) => {
  const { app, token } = await house();
  app.wsRoute("/", (ws) => ws.accept());

  expect(await refusal(connect(app, path, { token }))).toBe("400 TOKEN_IN_URL");
  await app.stop();
});

test("HTTP routes are guarded alike", async () => {
  const { app, token } = await house();
  app.get("/me", auth(["jwt"]), (c) => c.json({ id: c.var.user.id }));
  const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> => app.request(path, { headers });

  expect(await (await ask("/me", { authorization: `Bearer ${token}` })).json()).toEqual({ id: "ann" });
  const unknown = await ask("/me");
  expect([unknown.status, unknown.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  expect((await ask(`/me?token=${token}`, { authorization: `Bearer ${token}` })).status).toBe(400);
  await app.stop();
});

test("the header's scheme is read whatever its case, and a header with two values proves nothing", async () => {
  const { app, token } = await house();
  app.wsRoute("/", auth(["jwt"]), (ws) => ws.accept());

  await connect(app, "/", { headers: { authorization: `bEARER  ${token}` } });

  expect(await refusal(connect(app, "/", { headers: { authorization: `Bearer ${token}, Bearer ${token}` } }))).toBe("401 UNAUTHORIZED");
  await app.stop();
});

test.each([
  ["of the same host", { origin: "http://localhost", host: "localhost" }, "open"],
  ["of the list", { origin: "https://app.example" }, "open"],
  ["of nobody, so that it may be any program", {}, "403 FORBIDDEN_ORIGIN"],
  ["of a stranger", { origin: "https://app.example.evil" }, "403 FORBIDDEN_ORIGIN"],
  ["of a sandbox", { origin: "null" }, "403 FORBIDDEN_ORIGIN"],
])("a cookie opens a WebSocket from the page %s: %o -> %s", async (_page, headers, outcome) => {
  const { app, token } = await house({ auth: { jwt: { secret, cookie: "session" } }, origins: ["https://app.example"] });
  app.wsRoute("/", auth(["jwt"]), (ws) => ws.accept());

  const opening = connect(app, "/", { headers: { cookie: `other=1; session=${token}`, ...headers } });

  expect(
    await opening.then(
      () => "open",
      () => refusal(opening),
    ),
  ).toBe(outcome);
  await app.stop();
});

test("a cookie without an origin reads by HTTP and changes nothing", async () => {
  const { app, token } = await house({ auth: { jwt: { secret, cookie: "session" } } });
  app.get("/", auth(["jwt"]), (c) => c.text("read"));
  app.post("/", auth(["jwt"]), (c) => c.text("written"));
  const status = async (method: string, headers: Record<string, string> = {}): Promise<number> =>
    (await app.request("/", { method, headers: { cookie: `session=${token}`, host: "localhost", ...headers } })).status;

  expect(await status("GET")).toBe(200);
  expect(await status("POST")).toBe(403);
  expect(await status("POST", { origin: "https://evil.example" })).toBe(403);
  expect(await status("POST", { origin: "http://localhost" })).toBe(200);
  await app.stop();
});

test.each([
  [["nexios.auth", "T"], [], "nexios.auth"],
  [["chat.v1", "nexios.auth", "T"], [], "nexios.auth"],
  [["chat.v1", "nexios.auth", "T"], ["chat.v1"], "chat.v1"],
  [["nexios.auth", "T", "chat.v1", "chat.v2"], ["chat.v2", "chat.v1"], "chat.v2"],
  [["nexios.auth", "T", "chat.v1"], ["other"], "nexios.auth"],
])("a token comes as the right neighbour of nexios.auth, and is never the answer: %o with %o -> %s", async (offered, ours, selected) => {
  const { app, token } = await house();
  const seen = Promise.withResolvers<readonly string[]>();
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    seen.resolve(ws.offeredSubprotocols);
    await ws.accept({ subprotocols: ours });
    await ws.receiveText();
  });

  const peer = await connect(app, "/", { subprotocols: offered.map((name) => (name === "T" ? token : name)) });

  expect(peer.subprotocol).toBe(selected);
  expect(await seen.promise).toEqual(offered.filter((name) => name.startsWith("chat")));
  await app.stop();
});

test("nexios.auth without a neighbour proves nothing, and neither does a token without nexios.auth", async () => {
  const { app, token } = await house();
  app.wsRoute("/", auth(["jwt"]), (ws) => ws.accept());

  expect(await refusal(connect(app, "/", { subprotocols: [token, "nexios.auth"] }))).toBe("401 UNAUTHORIZED");
  expect(await refusal(connect(app, "/", { subprotocols: [token] }))).toBe("401 UNAUTHORIZED");
  await app.stop();
});

test("methods are asked in order, and sessions and API keys are functions of one shape", async () => {
  const sessions = new Map([["s1", "ann"]]);
  const { app } = await house({
    auth: {
      session: (credentials) => toIdentity(sessions.get(credentials.cookie("sid") ?? "")),
      key: async (credentials) => toIdentity((await Promise.resolve(credentials.header("x-api-key"))) === "k1" ? "robot" : undefined),
    },
  });
  app.wsRoute("/", auth(["session", "key"]), async (ws) => {
    await ws.accept();
    await ws.sendText(ws.user.id);
  });
  const own = { origin: "http://localhost" };

  const bySession = await connect(app, "/", { headers: { cookie: "sid=s1", ...own } });
  const byKey = await connect(app, "/", { headers: { "X-API-Key": "k1" } });
  const byBoth = await connect(app, "/", { headers: { cookie: "sid=s1", "X-API-Key": "k1", ...own } });

  expect([await bySession.next(), await byKey.next(), await byBoth.next()]).toEqual(["ann", "robot", "ann"]);
  expect(await refusal(connect(app, "/", { headers: { "x-api-key": "k2" } }))).toBe("401 UNAUTHORIZED");
  expect(await refusal(connect(app, "/", { headers: { cookie: "sid=s1" } }))).toBe("403 FORBIDDEN_ORIGIN");
  await app.stop();
});

test("a method that nobody gave is a mistake that stops the start", async () => {
  const { app } = await house();
  app.wsRoute("/", auth(["sessoin"]), (ws) => ws.accept());

  await expect(app.listen({ port: 0 })).rejects.toThrow(/sessoin/);
  expect(() => auth([])).toThrow(TypeError);
});

test("a connection whose token runs out while its handler waits ends with 4501 within a second, and not before", async () => {
  const clock = new ManualClock();
  const { app } = await house({ clock });
  const ended = Promise.withResolvers<unknown>();
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.receiveText().catch((error: unknown) => {
      ended.resolve(ws.ending);
      throw error;
    });
  });
  const peer = await connect(app, "/", { token: await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 10 }) });

  await clock.advance(9_999);
  const early = app.connectionCount;
  await clock.advance(1_000);

  expect(early).toBe(1);
  expect(await peer.closed).toEqual({ code: 4501, reason: "token ran out" });
  expect(await ended.promise).toMatchObject({ code: 4501 });
  await app.stop();
});

test("the wall clock decides: an operator who sets it forward ends what has run out", async () => {
  const clock = new ManualClock();
  const { app, token } = await house({ clock });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.receiveText();
  });
  const peer = await connect(app, "/", { token });

  clock.setTime(clock.now() + 3_600_000);
  await clock.advance(1_000);

  expect(await peer.closed).toMatchObject({ code: 4501 });
  await app.stop();
});

test("a connection is renewed in place by a new token of its user, and by nobody else's", async () => {
  const clock = new ManualClock();
  const { app } = await house({ clock });
  const issue = (sub: string, expiresInSeconds: number): Promise<string> => app.tokens.issue({ sub, name: `${sub} ${expiresInSeconds}` }, { expiresInSeconds });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    for await (const token of ws.messages()) {
      const outcome = await ws.renew(String(token)).then(
        () => "renewed",
        (error: { code: string }) => error.code,
      );
      await ws.sendText(`${outcome} ${ws.user.name}`);
    }
  });
  const peer = await connect(app, "/", { token: await issue("ann", 10) });
  const renew = async (token: string): Promise<unknown> => {
    peer.sendJson(token);
    return peer.next();
  };

  const old = await issue("ann", 5);
  expect(await renew(await issue("eve", 60))).toBe("FORBIDDEN ann 10");
  expect(await renew("nonsense")).toBe("TOKEN_INVALID ann 10");
  await clock.advance(5_000);
  expect(await renew(old)).toBe("TOKEN_EXPIRED ann 10");
  expect(await renew(await issue("ann", 20))).toBe("renewed ann 20");
  await clock.advance(19_000);
  expect(app.connectionCount).toBe(1);
  await clock.advance(2_000);
  expect(await peer.closed).toMatchObject({ code: 4501 });
  await app.stop();
});

test("a failed renewal does not lengthen what the first token gives", async () => {
  const clock = new ManualClock();
  const { app } = await house({ clock });
  app.wsRoute("/", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.renew(await ws.receiveText()).catch(() => ws.sendText("refused"));
    await ws.receiveText();
  });
  const peer = await connect(app, "/", { token: await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 10 }) });

  peer.sendText(await app.tokens.issue({ sub: "eve" }, { expiresInSeconds: 1_000 }));
  expect(await peer.next()).toBe("refused");
  await clock.advance(11_000);

  expect(await peer.closed).toMatchObject({ code: 4501 });
  await app.stop();
});

async function house(options: AppOptions = {}): Promise<{ app: NexiosApp; token: string }> {
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, env: { NEXIOS_SECRET: secret }, ...options });
  return { app, token: await app.tokens.issue({ sub: "ann", name: "Ann" }, { expiresInSeconds: 60 }) };
}

/** Status and code of a refused handshake. */
async function refusal(opening: Promise<unknown>): Promise<string> {
  const refused = await opening.then(
    () => undefined,
    (error: { status: number; body: string }) => error,
  );
  return refused === undefined ? "open" : `${refused.status} ${(JSON.parse(refused.body) as { code: string }).code}`;
}

function toIdentity(id: string | undefined): { user: User } | undefined {
  return id === undefined ? undefined : { user: { id, name: id } };
}
