import { expect, test } from "vitest";
import { NexiosApp } from "../app/app.ts";
import { auth } from "../server/auth.ts";
import { CountedClock } from "./counted-clock.fixture.ts";

const secret = "a secret of the tests, long enough";

function open() {
  const clock = new CountedClock(Date.UTC(2030, 0, 1));
  return { clock, app: new NexiosApp({ auth: { jwt: { secret } }, clock, random: () => 0 }) };
}

/** Status, media type, whether it may be kept, and body. */
async function look(app: NexiosApp, path: string, init?: RequestInit): Promise<readonly unknown[]> {
  const response = await app.request(path, init);
  const body = await response.text();
  return [response.status, response.headers.get("content-type"), response.headers.get("cache-control"), body === "" ? "" : JSON.parse(body)];
}

function answer(status: number, body: unknown): readonly unknown[] {
  return [status, "application/health+json", "no-store", body];
}

test("live is 200 before, while and after the app runs, ready only while it does; both say one word", async () => {
  const { app } = open();
  app.serveHealth();
  const seen: unknown[] = [];
  const note = async (): Promise<void> => void seen.push(await look(app, "/health/live"), await look(app, "/health/ready"));

  await note();
  await app.start();
  await note();
  await app.stop();
  await note();

  const [pass, fail] = [answer(200, { status: "pass" }), answer(503, { status: "fail" })];
  expect(seen).toEqual([pass, fail, pass, pass, pass, fail]);
});

test("while the start has not come to its end the app is not ready", async () => {
  const { app } = open();
  const hook = Promise.withResolvers<void>();
  app.serveHealth().onStart(() => hook.promise);

  const starting = app.start();
  const during = await look(app, "/health/ready");
  hook.resolve();
  await starting;
  const behind = await look(app, "/health/ready");
  await app.stop();

  expect([during, behind]).toEqual([answer(503, { status: "fail" }), answer(200, { status: "pass" })]);
});

test("a needed probe that hangs makes ready 503 in time and live never, and no request asks it", async () => {
  const { app, clock } = open();
  let hangs = false;
  let asked = 0;
  app.health.probe("database", () => (asked++, hangs ? new Promise(() => undefined) : undefined), { needed: true });
  await app.serveHealth().start();
  await clock.advance(0);
  const before = await look(app, "/health/ready");
  hangs = true;

  await clock.advance(32_000);
  for (let request = 0; request < 100; request++) await look(app, "/health/ready");
  const [live, ready] = [await look(app, "/health/live"), await look(app, "/health/ready")];
  await app.stop();

  expect([before, live, ready]).toEqual([answer(200, { status: "pass" }), answer(200, { status: "pass" }), answer(503, { status: "fail" })]);
  expect(asked).toBe(2);
});

test("a probe that is not needed makes ready say warn, with 200", async () => {
  const { app, clock } = open();
  app.health.probe("mail", () => {
    throw new Error("refused by mail.internal");
  });
  await app.serveHealth().start();
  await clock.advance(30_000);

  const ready = await look(app, "/health/ready");
  const nobody = await look(app, "/health");
  await app.stop();

  expect(ready).toEqual(answer(200, { status: "warn" }));
  expect(nobody[0]).toBe(404);
});

test("a loop that stands still is 503 at live", async () => {
  const { app, clock } = open();
  await app.serveHealth().start();
  const real = clock.monotonic();

  clock.monotonic = () => real + 5_001;
  const stuck = await look(app, "/health/live");
  clock.monotonic = () => real;
  await app.stop();

  expect(stuck).toEqual(answer(503, { status: "fail" }));
});

test("HEAD is answered like GET, without the body", async () => {
  const { app, clock } = open();
  await app.serveHealth().start();
  await clock.advance(0);
  const seen = [await look(app, "/health/live", { method: "HEAD" }), await look(app, "/health/ready", { method: "HEAD" })];
  await app.stop();
  seen.push(await look(app, "/health/ready", { method: "HEAD" }));

  expect(seen).toEqual([answer(200, ""), answer(200, ""), answer(503, "")]);
});

test("details are for those whom the guard lets in; the others get 401 or 403, and a balancer its word without a proof", async () => {
  const { app, clock } = open();
  app.health.probe("mail", () => {
    throw new Error("refused by mail.internal");
  });
  app.health.probe("search", () => new Promise(() => undefined));
  app.serveHealth({ details: auth(["jwt"], { allow: (user) => user.id === "ann" }) });
  await app.start();
  await clock.advance(30_000);
  const as = async (id: string): Promise<RequestInit> => ({
    headers: { authorization: `Bearer ${await app.tokens.issue({ sub: id }, { expiresInSeconds: 600 })}` },
  });

  const word = await look(app, "/health/ready");
  const unproven = await look(app, "/health");
  const stranger = await look(app, "/health", await as("bob"));
  const details = await look(app, "/health", await as("ann"));
  await app.stop();

  expect([unproven[0], stranger[0]]).toEqual([401, 403]);
  expect(JSON.stringify([word, unproven, stranger])).not.toMatch(/mail|search|refused/);
  expect(details).toEqual(
    answer(200, {
      status: "warn",
      output: "mail: fail, search: fail",
      checks: {
        "mail:responseTime": [
          {
            componentType: "component",
            status: "fail",
            needed: false,
            since: "2030-01-01T00:00:20.000Z",
            time: "2030-01-01T00:00:30.000Z",
            observedValue: 0,
            observedUnit: "ms",
            output: "refused by mail.internal",
          },
        ],
        "search:responseTime": [
          {
            componentType: "component",
            status: "fail",
            needed: false,
            since: "2030-01-01T00:00:20.000Z",
            time: "2030-01-01T00:00:30.000Z",
            observedValue: 30_000,
            observedUnit: "ms",
            hangingMs: 30_000,
            output: "has not answered for 30000 ms",
          },
        ],
      },
    }),
  );
});

test("the path may be another one", async () => {
  const { app, clock } = open();
  await app
    .serveHealth({ path: "/" })
    .serveHealth({ path: "/internal/up", details: (_c, next) => next() })
    .start();
  await clock.advance(0);

  const seen = await Promise.all(
    ["/live", "/ready", "/internal/up/live", "/internal/up/ready", "/internal/up", "/health/ready"].map((path) => look(app, path)),
  );
  await app.stop();

  expect(seen.map(([status]) => status)).toEqual([200, 200, 200, 200, 200, 404]);
});

test.each([{ path: "health" }, { path: "/{tenant}/health" }, { path: "" }, { detail: () => undefined }, { details: true }])(
  "the options %j of serveHealth are refused at once",
  (options) => {
    expect(() => open().app.serveHealth(options as object)).toThrow(TypeError);
  },
);
