import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { NexiosApp } from "../app/app.ts";
import { connect, ManualClock } from "../testing/index.ts";
import { auth } from "./auth.ts";

const secret = "a secret of thirty-two bytes at least";

test("a first message with a token says who it is, and the handler gets what comes after it", async () => {
  const { app } = house();
  const peer = await connect(app, "/");

  peer.sendJson({ token: await issue(app), more: [1] });
  peer.sendText("hello");

  expect(await peer.next()).toBe("ann: hello");
  await app.stop();
});

test("a token in the header is taken without a first message", async () => {
  const { app } = house();
  const peer = await connect(app, "/", { token: await issue(app) });

  peer.sendText("hello");

  expect(await peer.next()).toBe("ann: hello");
  await app.stop();
});

test("a bad token in the header is refused with 401 before anything is opened", async () => {
  const { app } = house();

  await expect(connect(app, "/", { token: "bad" })).rejects.toMatchObject({ status: 401 });
  await app.stop();
});

test("the application's subprotocol is selected before the first message", async () => {
  const { app } = house();

  const peer = await connect(app, "/", { subprotocols: ["chat.v2", "chat.v1"] });

  expect(peer.subprotocol).toBe("chat.v1");
  await app.stop();
});

test("who says nothing is closed with 4401 after five seconds, and not before", async () => {
  const clock = new ManualClock();
  const { app, handled } = house(clock);
  const peer = await connect(app, "/");
  // The peer hears of the handshake before the server goes on.
  await clock.advance(0);

  await clock.advance(4_999);
  const early = app.connectionCount;
  await clock.advance(1);

  expect(early).toBe(1);
  expect(await peer.closed).toEqual({ code: 4401, reason: "no token in time" });
  expect(handled()).toBe(0);
  await app.stop();
});

test("who has said who it is in time is not closed by the deadline of the first message", async () => {
  const clock = new ManualClock();
  const { app } = house(clock);
  const peer = await connect(app, "/");
  await clock.advance(4_999);
  peer.sendJson({ token: await issue(app) });
  peer.sendText("one");
  await peer.next();

  await clock.advance(2_000);
  peer.sendText("two");

  expect(await peer.next()).toBe("ann: two");
  await app.stop();
});

const malformed: Readonly<Record<string, string | Uint8Array>> = {
  "no JSON": "hello",
  "half of a JSON": '{"token":',
  bytes: new TextEncoder().encode('{"token":"x"}'),
  "no object": '"token"',
  null: "null",
  "no token": '{"user":"ann"}',
  "a token that is no text": '{"token":{"sub":"ann"}}',
  "nested too deeply": '{"token":"x","a":[[[[1]]]]}',
  "a prototype": '{"token":"x","__proto__":{}}',
};

test.each(Object.entries(malformed))("a first message without a token in it is answered with 4401: %s", async (_what, message) => {
  const { app, handled } = house();
  const peer = await connect(app, "/");

  if (typeof message === "string") peer.sendText(message);
  else peer.sendBytes(message);

  expect(await peer.closed).toEqual({ code: 4401, reason: "the first message has no token" });
  expect(handled()).toBe(0);
  await app.stop();
});

test("a first message of 4096 bytes is read, one of 4097 is not", async () => {
  const { app } = house();
  const token = await issue(app);
  const message = (length: number): string => `{"token":"${token}"}`.padEnd(length);
  const [fits, long] = [await connect(app, "/"), await connect(app, "/")];

  fits.sendText(message(4_096));
  fits.sendText("hello");
  long.sendText(message(4_097));

  expect(await fits.next()).toBe("ann: hello");
  expect(await long.closed).toEqual({ code: 4401, reason: "the first message is too long" });
  await app.stop();
});

test("a bad or expired token is answered with 4401, and the peer is not told which", async () => {
  const clock = new ManualClock();
  const { app, handled } = house(clock);
  const token = await issue(app);
  await clock.advance(60_000);
  const [late, forged] = [await connect(app, "/"), await connect(app, "/")];

  late.sendJson({ token });
  forged.sendJson({ token: `${token}x` });

  expect(await late.closed).toEqual({ code: 4401, reason: "the token is not valid here" });
  expect(await forged.closed).toEqual({ code: 4401, reason: "the token is not valid here" });
  expect(handled()).toBe(0);
  await app.stop();
});

test("a user who may not come here is closed with 4403 after the first message", async () => {
  const { app } = house();
  app.wsRoute("/admin", auth(["jwt"], { firstMessage: true, allow: () => false }), () => undefined);
  const peer = await connect(app, "/admin");

  peer.sendJson({ token: await issue(app) });

  expect(await peer.closed).toMatchObject({ code: 4403 });
  await app.stop();
});

test("a token that came in the first message runs out like any other", async () => {
  const clock = new ManualClock();
  const { app } = house(clock);
  const peer = await connect(app, "/");
  peer.sendJson({ token: await issue(app) });
  peer.sendText("hello");
  await peer.next();

  for (let second = 0; second < 61; second++) await clock.advance(1_000);

  expect(await peer.closed).toMatchObject({ code: 4501 });
  await app.stop();
});

function house(clock?: ManualClock): { app: NexiosApp; handled: () => number } {
  let handled = 0;
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, ...(clock && { clock }) });
  app.wsRoute("/", auth(["jwt"], { firstMessage: true, subprotocols: ["chat.v1"] }), async (ws) => {
    handled++;
    await ws.accept();
    for (;;) await ws.sendText(`${ws.user.id}: ${await ws.receiveText()}`);
  });
  return { app, handled: () => handled };
}

function issue(app: NexiosApp): Promise<string> {
  return app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 60 });
}
