import { expect, test } from "vitest";
import * as z from "zod";
import { calm } from "../../../test/wire/calm-load.ts";
import { clientFrame, closeCodeOf, opcodes } from "../../../test/wire/client-frames.ts";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { answerTo, openRaw, openRawWebSocket, type RawSocket, upgradeHead } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";
import { ManualClock } from "../testing/index.ts";
import { readJson } from "./body.ts";
import type { Connection } from "./connection.ts";
import type { Limits } from "./limits.ts";

const secret = "a secret of thirty-two bytes at least";

test("headersMs: a request whose head does not end, and a socket that says nothing, are let go", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { headersMs: 50 } });
  const { port } = await app.listen({ port: 0 });

  // Node looks at its sockets once a second.
  const [slow, silent] = await Promise.all([answerTo(port, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "), answerTo(port, "")]);

  expect(slow).toMatch(/^HTTP\/1\.1 408 /);
  expect(silent).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
});

test("requestMs: a request whose body does not end is let go", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { headersMs: 50, requestMs: 60 } });
  app.post("/", async (c) => c.text(await c.req.text()));
  const { port } = await app.listen({ port: 0 });

  const answer = await answerTo(port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nnot all");

  expect(answer).not.toMatch(/^HTTP\/1\.1 200 /);
});

test("requestMs: a time shorter than `headersMs` is the time of both", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { requestMs: 2_000 } });
  app.get("/", (c) => c.text("in time"));
  const { port, url } = await app.listen({ port: 0 });

  const [good, slow] = await Promise.all([fetch(url), answerTo(port, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")]);

  expect(await good.text()).toBe("in time");
  expect(slow).toMatch(/^HTTP\/1\.1 408 /);
});

test("requestMs: an upgrade that its handler does not decide in time is let go, and its place is free again", async () => {
  const gate = Promise.withResolvers<void>();
  const { app, clock, port, handler } = await house({ connections: 1 }, (ws) => (ws.headers.has("x-wait") ? gate.promise : Promise.resolve()));
  const raw = await openRaw(port);
  await raw.write(upgradeHead("/", ["X-Wait: yes"]));
  await handler.started;

  await clock.advance(29_999);
  const early = raw.over;
  await clock.advance(1);

  expect(await raw.ended).toBe("");
  expect(early).toBe(false);
  const next = await openRawWebSocket(port);
  expect(app.connectionCount).toBe(1);
  gate.resolve();
  next.destroy();
  await app.stop();
});

test("bodyBytes: a body of the limit is read, one byte more is answered with 413", async () => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { bodyBytes: 1_000 } });
  app.post("/", async (c) => c.text(`${(await c.req.text()).length}`));
  const { url } = await app.listen({ port: 0 });
  const post = async (length: number): Promise<string> => {
    const response = await fetch(url, { method: "POST", body: "x".repeat(length) });
    return `${response.status} ${response.status === 200 ? await response.text() : ((await response.json()) as { code: string }).code}`;
  };

  expect([await post(1_000), await post(1_001)]).toEqual(["200 1000", "413 INVALID_MESSAGE"]);
});

test("bodyBytes: a body in chunks, which does not say how long it is, is read up to the limit, and one byte more is answered with 413", async () => {
  using reports = collectReports();
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { bodyBytes: 1_000 } });
  app.post("/", async (c) => c.text(`${(await c.req.text()).length}`));
  app.post("/json", async (c) => c.json({ length: (await readJson(c, z.string())).length }));
  const { port, url } = await app.listen({ port: 0 });
  const post = (path: string, ...parts: readonly string[]): Promise<string> =>
    answerTo(port, `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${[...parts, ""].map(chunk).join("")}`);
  const half = "x".repeat(500);

  const within = await post("/", half, half);
  const past = await post("/", half, half, "x");
  const json = [await post("/json", `"${"x".repeat(998)}"`), await post("/json", `"${"x".repeat(999)}"`)];
  const streamed = await fetch(url, { method: "POST", body: new Blob([half, half, "x"]).stream(), duplex: "half" });

  expect(within).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\n1000$|^HTTP\/1\.1 200 [^]*\r\n1000\r\n0\r\n\r\n$/);
  expect(past).toMatch(/^HTTP\/1\.1 413 [^]*"code":"INVALID_MESSAGE"/);
  expect(json.map((answer) => answer.slice(9, 12))).toEqual(["200", "413"]);
  expect(streamed.status).toBe(413);
  expect(reports.of("error")).toEqual([]);
});

test("messageMs: a message that trickles is given 30 seconds from its first byte to its last", async () => {
  using reports = collectReports();
  const { app, clock, port } = await house({ pingMs: Infinity });
  const raw = await openRawWebSocket(port);
  const message = clientFrame(opcodes.text, "slow");

  await sendPart(raw, message.subarray(0, 4));
  await clock.advance(29_500);
  await raw.write(message.subarray(4));
  await raw.until(({ frames }) => frames.some(({ payload }) => payload.toString() === "got slow"));
  const inTime = closeCodeOf(raw.frames);
  await clock.advance(60_000);
  const quiet = closeCodeOf(raw.frames);
  await sendPart(raw, message.subarray(0, 4));
  await clock.advance(31_000);
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);

  expect([inTime, quiet]).toEqual([undefined, undefined]);
  expect(closeCodeOf(raw.frames)).toBe(1002);
  expect(reports.of("closed")).toMatchObject([{ code: 1002, reason: "a message took too long" }]);
  raw.destroy();
  await app.stop();
});

test("pingMs and pongMs: a silent peer is pinged after 15 seconds, and closed with 4508 when 8 more have brought nothing", async () => {
  const { app, clock, port, handler } = await house();
  const raw = await openRawWebSocket(port);
  const ws = await handler.started;

  await clock.advance(14_999);
  await mark(ws, raw, "before");
  const early = pings(raw);
  await clock.advance(1);
  await raw.until(() => pings(raw) === 1);
  await clock.advance(7_999);
  await mark(ws, raw, "still open");
  await clock.advance(1);
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);

  expect(early).toBe(0);
  expect(closeCodeOf(raw.frames)).toBe(4508);
  raw.destroy();
  await app.stop();
});

test.each([
  ["a pong", clientFrame(opcodes.pong)],
  ["a ping of its own", clientFrame(opcodes.ping)],
  ["a message", clientFrame(opcodes.text, "here")],
])("pongMs: %s counts as life", async (_what, frame) => {
  const { app, clock, port, handler } = await house();
  const raw = await openRawWebSocket(port);
  const ws = await handler.started;

  for (let round = 1; round <= 4; round++) {
    await clock.advance(15_000);
    await raw.until(() => pings(raw) === round);
    await sendPart(raw, frame, clientFrame(opcodes.ping));
  }
  await mark(ws, raw, "still open");

  expect(closeCodeOf(raw.frames)).toBeUndefined();
  raw.destroy();
  await app.stop();
});

test("closingMs: a peer that does not answer a close is cut off after three seconds", async () => {
  const { app, clock, port, handler } = await house();
  const raw = await openRawWebSocket(port);
  const ws = await handler.started;
  ws.close(4000, "enough");
  await raw.until(({ frames }) => closeCodeOf(frames) === 4000);

  await clock.advance(2_999);
  const early = app.connectionCount;
  await clock.advance(501);
  await raw.ended;

  expect(early).toBe(1);
  expect(app.connectionCount).toBe(0);
  await app.stop();
});

/** A part of a body in chunks; the empty one is its end. */
function chunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

interface House {
  readonly app: NexiosApp;
  readonly clock: ManualClock;
  readonly port: number;
  readonly handler: { readonly started: Promise<Connection> };
}

async function house(limits: Partial<Limits> = {}, before?: (ws: Connection) => Promise<void>): Promise<House> {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, clock, limits });
  const started = Promise.withResolvers<Connection>();
  app.wsRoute("/", async (ws) => {
    if (before !== undefined) {
      started.resolve(ws);
      await before(ws);
    }
    await ws.accept();
    started.resolve(ws);
    for (;;) await ws.sendText(`got ${await ws.receiveText()}`);
  });
  return { app, clock, port: (await app.listen({ port: 0 })).port, handler: { started: started.promise } };
}

/** Sends bytes, and resolves when the server has them: what comes behind a ping in one piece is there when its pong is. */
async function sendPart(raw: RawSocket, part: Uint8Array, behind?: Uint8Array): Promise<void> {
  const pongs = (): number => raw.frames.filter(({ opcode }) => opcode === opcodes.pong).length;
  const wanted = pongs() + 1;
  await raw.write(behind === undefined ? Buffer.concat([clientFrame(opcodes.ping), part]) : Buffer.concat([part, behind]));
  await raw.until(() => pongs() >= wanted);
}

async function mark(ws: Connection, raw: RawSocket, text: string): Promise<void> {
  await ws.sendText(text);
  await raw.until(({ frames }) => frames.some(({ payload }) => payload.toString() === text));
}

function pings(raw: RawSocket): number {
  return raw.frames.filter(({ opcode }) => opcode === opcodes.ping).length;
}
