import { auth, NexiosApp, type AppOptions, type Connection } from "nexios";
import { connect, HandshakeRefused, ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { calm } from "./calm-load.ts";
import { type CollectedReports, collectReports } from "./collect-reports.ts";
import { turn } from "./raw-socket.ts";

const secret = "a secret of thirty-two bytes at least";
const planted = new Error("planted");

let reports: CollectedReports;
const escaped: unknown[] = [];
const escape = (error: unknown): void => void escaped.push(error);
beforeEach(() => {
  reports = collectReports();
  process.on("uncaughtExceptionMonitor", escape);
});
afterEach(() => {
  process.off("uncaughtExceptionMonitor", escape);
  reports[Symbol.dispose]();
  if (escaped.length > 0) throw new AggregateError(escaped.splice(0), "Errors have escaped");
});

/** Ways to fail: at once and later, with an error and with what is none. */
const failures: Readonly<Record<string, () => void | Promise<void>>> = {
  "throws an error": () => {
    throw planted;
  },
  "rejects with an error": () => Promise.reject(planted),
  "rejects later": async () => {
    await turn();
    throw planted;
  },
  "throws a text": () => {
    throw "planted";
  },
  "throws null": () => {
    throw null;
  },
  "throws undefined": () => {
    throw undefined;
  },
  "throws an object without a prototype": () => {
    throw Object.create(null);
  },
  "throws an error whose message can't be read": () => {
    throw Object.defineProperty(new Error(), "message", {
      get: () => {
        throw planted;
      },
    });
  },
};
const ways = Object.keys(failures);

test.each(ways)("a handler that %s before it accepts: the request is answered with 500 and no word of it, reported once", async (way) => {
  const { app, url } = await house((made) => made.wsRoute("/bad", () => failures[way]!()));

  expect(await refusal(url)).toEqual({ status: 500, body: '{"code":"INTERNAL","message":"Something failed on the server"}' });
  await expectOneReport(app, url);
});

test.each(ways)("a handler that %s after it has accepted: its connection is closed with 4500 and no word of it, reported once", async (way) => {
  const { app, url } = await house((made) =>
    made.wsRoute("/bad", async (ws) => {
      await ws.accept();
      await failures[way]!();
    }),
  );

  const peer = await connect(url, "/bad");

  expect(await peer.closed).toEqual({ code: 4500, reason: "something failed on the server" });
  await expectOneReport(app, url);
});

test.each(ways)("middleware that %s: the request is answered with 500, reported once", async (way) => {
  const { app, url } = await house((made) => {
    made.use("/bad", () => failures[way]!());
    made.wsRoute("/bad", (ws) => ws.accept());
  });

  expect(await refusal(url)).toMatchObject({ status: 500 });
  await expectOneReport(app, url);
});

test.each(ways)("middleware that %s once its connection is over hurts nobody, reported once", async (way) => {
  const { app, url } = await house((made) => {
    made.use("/bad", async (_c, next) => {
      await next();
      await failures[way]!();
    });
    made.wsRoute("/bad", async (ws) => {
      await ws.accept();
      await ws.receiveText();
    });
  });

  const peer = await connect(url, "/bad");
  peer.sendText("bye");

  expect(await peer.closed).toMatchObject({ code: 1000 });
  await expectOneReport(app, url);
});

test.each(ways)("a method of auth that %s: the request is answered with 500, reported once", async (way) => {
  const authenticate = async (): Promise<undefined> => {
    await failures[way]!();
    return undefined;
  };
  const { app, url } = await house((made) => made.wsRoute("/bad", auth(["custom"]), (ws) => ws.accept()), { auth: { jwt: { secret }, custom: authenticate } });

  expect(await refusal(url)).toMatchObject({ status: 500 });
  await expectOneReport(app, url);
});

test.each(ways)("an `allow` that %s: the request is answered with 500, reported once", async (way) => {
  const identity = { user: { id: "ann", name: "Ann" } };
  const allow = async (): Promise<boolean> => (await failures[way]!()) === undefined;
  const { app, url } = await house((made) => made.wsRoute("/bad", auth(["custom"], { allow }), (ws) => ws.accept()), {
    auth: { jwt: { secret }, custom: () => identity },
  });

  expect(await refusal(url)).toMatchObject({ status: 500 });
  await expectOneReport(app, url);
});

test.each(ways)("an HTTP handler that %s: the request is answered with 500, reported once", async (way) => {
  const { app, url } = await house((made) =>
    made.get("/bad", async (c) => {
      await failures[way]!();
      return c.text("never");
    }),
  );

  const response = await fetch(`${url}/bad`);

  expect(response.status).toBe(500);
  expect(await response.text()).toBe('{"code":"INTERNAL","message":"Something failed on the server"}');
  await expectOneReport(app, url);
});

test.each(ways)("an error handler that itself %s: the connection is closed with 4500, and both faults are reported, each once", async (way) => {
  const { app, url } = await house((made) => {
    made.onError(() => failures[way]!());
    made.wsRoute("/bad", async (ws) => {
      await ws.accept();
      throw new Error("first");
    });
  });

  const peer = await connect(url, "/bad");

  expect(await peer.closed).toMatchObject({ code: 4500 });
  await expectService(url);
  expect(reports.of("error")).toHaveLength(2);
  expect(reports.of("error")[0]!.error).toMatchObject({ message: "first" });
  await app.stop();
});

test.each(ways)("what a handler %s with reaches every error handler, be it an error or not, and the first answer is given", async (way) => {
  const seen: string[] = [];
  const { app, url } = await house((made) => {
    made.onError(() => void seen.push("first"));
    made.onError(() => {
      seen.push("second");
      return new Response("ours", { status: 418 });
    });
    made.wsRoute("/bad", () => failures[way]!());
  });

  expect(await refusal(url)).toEqual({ status: 418, body: "ours" });
  expect(seen).toEqual(["first", "second"]);
  await expectOneReport(app, url);
});

test("an error handler that gives the same response again, whose body is used, hurts that one request", async () => {
  const shared = new Response("ours", { status: 418 });
  const { app, url } = await house((made) => {
    made.onError(() => shared);
    made.wsRoute("/bad", () => failures["throws an error"]!());
  });

  expect(await refusal(url)).toEqual({ status: 418, body: "ours" });
  await expect(connect(url, "/bad")).rejects.toBeInstanceOf(Error);
  await expectService(url);
  await app.stop();
});

test.each(ways)("a listener to an event that %s hurts neither the others nor the sender, reported once", async (way) => {
  const { app, url } = await house((made) => {
    made.events.on("thing", () => failures[way]!());
    made.wsRoute("/bad", async (ws) => {
      await ws.accept();
      await ws.sendJson((await app.events.emit("thing", 1)).failures.length);
      await ws.receiveText();
    });
  });

  const peer = await connect(url, "/bad");
  expect(await peer.nextJson()).toBe(1);
  peer.sendText("bye");

  expect(await peer.closed).toMatchObject({ code: 1000 });
  await expectOneReport(app, url);
});

test.each(ways)("a ticker that %s ticks on, each failure reported once", async (way) => {
  const clock = new ManualClock();
  let ticks = 0;
  const { app, url } = await house(
    (made) =>
      made.every(1_000, () => {
        ticks++;
        return failures[way]!();
      }),
    { clock },
  );

  await clock.advance(3_000);
  await clock.advance(0);

  expect(ticks).toBe(3);
  await expectService(url);
  expect(reports.of("error")).toHaveLength(3);
  await app.stop();
});

test.each(ways)("a start hook that %s rejects the start with it, and nothing listens", async (way) => {
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  app.onStart(() => failures[way]!());

  const [outcome] = await Promise.allSettled([app.listen({ port: 0 })]);

  expect(outcome.status).toBe("rejected");
  expect(reports.of("listening")).toEqual([]);
  await app.stop();
});

test.each(ways)("a stop hook that %s is reported, and the next one runs all the same", async (way) => {
  let others = 0;
  const { app, url } = await house((made) => made.onStop(() => failures[way]!()).onStop(() => void others++));
  const peer = await connect(url, "/good");

  await app.stop();

  expect([others, reports.of("error").length]).toEqual([1, 1]);
  expect(await peer.closed).toMatchObject({ code: 4503 });
  expect(app.connectionCount).toBe(0);
});

test("a send to a peer that has left, which nobody waits for, hurts nobody", async () => {
  const over = Promise.withResolvers<Connection>();
  const { app, url } = await house((made) =>
    made.wsRoute("/bad", async (ws) => {
      await ws.accept();
      await ws.receiveText().catch(() => undefined);
      void ws.sendText("too late");
      void ws.sendJson({ too: "late" });
      over.resolve(ws);
    }),
  );

  (await connect(url, "/bad")).terminate();
  const ws = await over.promise;

  await expect(ws.sendText("later still")).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  expect(reports.troubles).toEqual([]);
  await expectService(url);
  await app.stop();
});

type AnyApp = NexiosApp<{ thing: number }>;

async function house(build: (app: AnyApp) => unknown, options: AppOptions = {}): Promise<{ app: AnyApp; url: string }> {
  const app: AnyApp = new NexiosApp({ auth: { jwt: { secret } }, load: calm, ...options });
  app.wsRoute("/good", async (ws) => {
    await ws.accept();
    for (;;) await ws.sendText(await ws.receiveText());
  });
  build(app);
  return { app, url: (await app.listen({ port: 0 })).url };
}

async function refusal(url: string): Promise<{ status: number; body: string } | undefined> {
  const error: unknown = await connect(url, "/bad").catch((refused: unknown) => refused);
  return error instanceof HandshakeRefused ? { status: error.status, body: error.body } : undefined;
}

async function expectService(url: string): Promise<void> {
  const peer = await connect(url, "/good");
  peer.sendText("still here");
  expect(await peer.next()).toBe("still here");
}

async function expectOneReport(app: AnyApp, url: string): Promise<void> {
  await expectService(url);
  expect(reports.of("error")).toHaveLength(1);
  await app.stop();
}
