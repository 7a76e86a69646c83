import { auth, NexiosApp } from "nexios";
import { connect, ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addSessionRoutes } from "./session-routes.ts";

interface Session {
  readonly token: string;
  readonly user: { readonly id: string; readonly name: string };
  readonly expiresAt: number;
}

let clock: ManualClock;
let app: NexiosApp;

beforeEach(() => {
  clock = new ManualClock();
  app = new NexiosApp({ clock, auth: { jwt: { secret: "a secret of the test, long enough" } } });
  addSessionRoutes(app);
  app.get("/me", auth(["jwt"]), (c) => c.json(c.var.user));
  app.wsRoute("/live", auth(["jwt"]), async (ws) => {
    await ws.accept();
    await ws.sendJson(ws.user.id);
  });
});

afterEach(() => app.stop({ deadlineMs: 0 }));

function post(body: unknown, token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return app.request("/api/session", { method: "POST", headers, body: JSON.stringify(body) });
}

async function open(name: string, token?: string): Promise<Session> {
  const response = await post({ name }, token);
  expect(response.status).toBe(200);
  return (await response.json()) as Session;
}

test("a name gets a token for a quarter of an hour, and a new id", async () => {
  const ann = await open("Ann");
  const other = await open("Ann");

  expect(ann.user.name).toBe("Ann");
  expect(ann.expiresAt).toBe(clock.now() + 900_000);
  expect(other.user.id).not.toBe(ann.user.id);
});

test("the token opens what needs one, HTTP and WebSocket alike", async () => {
  const { token, user } = await open("Ann");

  const me = await app.request("/me", { headers: { authorization: `Bearer ${token}` } });
  const peer = await connect(app, "/live", { subprotocols: ["nexios.auth", token] });

  expect(await me.json()).toMatchObject({ id: user.id });
  expect(await peer.nextJson()).toBe(user.id);
});

test("with a token that still holds, the same person gets a later one", async () => {
  const first = await open("Ann");
  await clock.advance(600_000);

  const second = await open("Ann", first.token);

  expect(second.user.id).toBe(first.user.id);
  expect(second.expiresAt - first.expiresAt).toBe(600_000);
});

test("a token that has ended, or was never ours, is refused and gives no new one", async () => {
  const { token } = await open("Ann");
  await clock.advance(900_000 + 60_000);

  expect((await post({ name: "Ann" }, token)).status).toBe(401);
  expect((await post({ name: "Ann" }, "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.")).status).toBe(401);
});

test("a name is cut of the space around it", async () => {
  expect((await open("  Ann  ")).user.name).toBe("Ann");
});

test.for([
  ["nothing", {}],
  ["an empty name", { name: " " }],
  ["a name of 41 characters", { name: "n".repeat(41) }],
  ["a name that is no text", { name: 7 }],
] as const)("%s is refused", async ([, body]) => {
  expect((await post(body)).status).toBe(400);
});
