import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { clientFrame, closeCodeOf, opcodes } from "../../../test/wire/client-frames.ts";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { openRawWebSocket, turn } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";
import { connect } from "../testing/index.ts";
import type { Connection } from "./connection.ts";
import { defaultLimits, type Limits, toLimits } from "./limits.ts";

const secret = "a secret of thirty-two bytes at least";
const unlimited = { perSecond: Infinity, burst: Infinity };

test("a limit that nobody knows is a mistake at the start", () => {
  expect(() => new NexiosApp({ limits: { mesageBytes: 1 } as Partial<Limits> })).toThrow(/no limit "mesageBytes"/);
});

test.each(Object.entries(defaultLimits) as [keyof Limits, Limits[keyof Limits]][])(
  "a limit that is not above 0 is a mistake at the start: %s",
  (name, value) => {
    for (const wrong of [0, -1, Number.NaN]) {
      const given =
        typeof value === "number"
          ? [wrong]
          : [
              { perSecond: wrong, burst: 1 },
              { perSecond: 1, burst: wrong },
            ];
      for (const limit of given) expect(() => toLimits({ [name]: limit })).toThrow(`"${name}"`);
    }
  },
);

test.each(["connectsPerAddress", "messagesPerConnection", "messagesPerUser"] as const)(
  "%s: a burst below 1 would let nothing in, and is a mistake at the start",
  (name) => {
    expect(() => toLimits({ [name]: { perSecond: 50, burst: 0.5 } })).toThrow(/burst must be at least 1/);
    expect(toLimits({ [name]: { perSecond: 0.1, burst: 1 } })[name]).toEqual({ perSecond: 0.1, burst: 1 });
  },
);

const sizes: readonly (readonly [string, (bytes: number) => readonly Buffer[]])[] = [
  ["whole", (bytes) => [clientFrame(opcodes.text, "x".repeat(bytes))]],
  [
    "in two fragments",
    (bytes) => [clientFrame(opcodes.text, "x".repeat(60_000), { fin: false }), clientFrame(opcodes.continuation, "x".repeat(bytes - 60_000))],
  ],
  ["as bytes", (bytes) => [clientFrame(opcodes.binary, Buffer.alloc(bytes))]],
];

test.each(sizes)("a message of 65,536 bytes is taken, and one of 65,537 closes with 1009: %s", async (_form, toFrames) => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm });
  const lengths: number[] = [];
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for await (const received of readAll(ws)) {
      lengths.push(received.length);
      await ws.sendText("taken");
    }
  });
  const { port } = await app.listen({ port: 0 });
  const raw = await openRawWebSocket(port);

  await raw.write(Buffer.concat(toFrames(65_536)));
  await raw.until(({ frames }) => frames.length === 1);
  await raw.write(Buffer.concat(toFrames(65_537)));
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);

  expect(closeCodeOf(raw.frames)).toBe(1009);
  expect(lengths).toEqual([65_536]);
  raw.destroy();
});

test("a message of 256 fragments is taken, and one of 257 closes the connection", async () => {
  const { app, port } = await echo({ messageFragments: 256 });
  const raw = await openRawWebSocket(port);

  await raw.write(fragments(256));
  await raw.until(({ frames }) => frames.length === 1);
  await raw.write(fragments(257));
  await raw.until(({ frames }) => closeCodeOf(frames) !== undefined);

  expect(raw.frames[0]!.payload.length).toBe(256);
  expect(closeCodeOf(raw.frames)).toBe(1008);
  raw.destroy();
  await app.stop();
});

const depth = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const json: readonly (readonly [keyof Limits, string, string])[] = [
  ["jsonDepth", depth(32), depth(33)],
  ["jsonDepth", '{"a":'.repeat(32) + "1" + "}".repeat(32), '{"a":'.repeat(33) + "1" + "}".repeat(33)],
  ["jsonKeys", `[${Array.from({ length: 10_000 }, () => 1).join()}]`, `[${Array.from({ length: 10_001 }, () => 1).join()}]`],
  ["jsonKeys", toObject(10_000), toObject(10_001)],
];

test.each(json)("%s: a JSON message at the border is taken, and one past it is told BAD_JSON", async (_limit, fits, exceeds) => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { messageBytes: 1_000_000 } });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for await (const _ of ws.messages(undefined, { skipInvalid: true })) await ws.sendText("taken");
  });
  const peer = await connect(app, "/");

  peer.sendText(fits);
  peer.sendText(exceeds);
  peer.sendText("1");

  expect(await peer.next()).toBe("taken");
  expect(await peer.nextJson()).toMatchObject({ type: "error", code: "BAD_JSON" });
  expect(await peer.next()).toBe("taken");
});

const unread: readonly (readonly [keyof Limits, number, string])[] = [
  ["unreadMessages", 64, "x"],
  ["unreadBytes", 4, "x".repeat(65_536)],
];

test.each(unread)("%s: a peer is read from until %i messages wait, then not until they are read, and nothing is lost", async (_limit, count, message) => {
  const gate = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<Connection>();
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { messagesPerConnection: unlimited } });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    opened.resolve(ws);
    await gate.promise;
    for (let read = 1; ; read++) {
      await ws.receiveText();
      await ws.sendText(`${read}`);
    }
  });
  const { port } = await app.listen({ port: 0 });
  const raw = await openRawWebSocket(port);
  const { inbox } = (await opened.promise).open;
  const pongs = (): number => raw.frames.filter(({ opcode }) => opcode === opcodes.pong).length;

  for (let sent = 1; sent < count; sent++) await raw.write(clientFrame(opcodes.text, message));
  await raw.write(clientFrame(opcodes.ping, "before"));
  await raw.until(() => pongs() === 1);
  const pausedBefore = inbox.paused;
  await raw.write(clientFrame(opcodes.text, message));
  while (!inbox.paused) await turn();
  for (let more = 0; more < count; more++) await raw.write(clientFrame(opcodes.text, message));
  await raw.write(clientFrame(opcodes.ping, "after"));
  gate.resolve();
  await raw.until(({ frames }) => frames.at(-1)?.payload.toString() === `${2 * count}`);

  expect(pausedBefore).toBe(false);
  expect(inbox.paused).toBe(false);
  expect(pongs()).toBe(2);
  expect(raw.frames.filter(({ opcode }) => opcode === opcodes.text).map(({ payload }) => Number(payload.toString()))).toEqual(
    Array.from({ length: 2 * count }, (_, at) => at + 1),
  );
  raw.destroy();
});

test("unsentBytes and queuedBytes: what is sent to a paused socket waits up to the bound, and one message more closes with 4513", async () => {
  using reports = collectReports();
  const opened = Promise.withResolvers<Connection>();
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { unsentBytes: 50_000, queuedBytes: 100_640 } });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    opened.resolve(ws);
    await ws.receiveText();
  });
  const { port } = await app.listen({ port: 0 });
  const raw = await openRawWebSocket(port);
  const ws = await opened.promise;
  const { outbox } = ws.open;
  raw.pause();

  // Frames of 10,000 bytes, each with an overhead of 64.
  const message = "x".repeat(9_996);
  while (!outbox.blocked) {
    void ws.sendText(message);
    await turn();
  }
  while (outbox.queuedBytes < 100_640) void ws.sendText(message);
  const atBorder = ws.ending;
  const past = ws.sendText(message);

  expect(atBorder).toBeUndefined();
  expect(ws.ending).toMatchObject({ code: 4513 });
  expect(reports.of("closed")).toMatchObject([{ code: 4513 }]);
  await expect(past).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  raw.destroy();
});

const roads: readonly (readonly [number, "memory" | "a port"])[] = [
  [1, "memory"],
  [1, "a port"],
  [1_000, "memory"],
  [1_000, "a port"],
  [Infinity, "memory"],
  [Infinity, "a port"],
];

test.each(roads)("unsentBytes: with %d of them a handler that waits for each send gets all through %s", async (unsentBytes, road) => {
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits: { unsentBytes } });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for (let n = 0; n < 5; n++) {
      await ws.sendJson({ n, padding: "x".repeat(2_000) });
      await turn();
    }
  });

  const peer = await connect(road === "memory" ? app : (await app.listen({ port: 0 })).url, "/");
  const numbers: number[] = [];
  for (let count = 0; count < 5; count++) numbers.push((await peer.nextJson<{ n: number }>()).n);

  expect(numbers).toEqual([0, 1, 2, 3, 4]);
  expect(await peer.closed).toMatchObject({ code: 1000 });
});

async function echo(limits: Partial<Limits>): Promise<{ app: NexiosApp; port: number }> {
  const app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, limits });
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    for (;;) await ws.sendText(await ws.receiveText());
  });
  return { app, port: (await app.listen({ port: 0 })).port };
}

async function* readAll(ws: Connection): AsyncGenerator<string | Uint8Array> {
  for (;;) yield await ws.open.inbox.next();
}

function toObject(keys: number): string {
  return `{${Array.from({ length: keys }, (_, at) => `"k${at}":1`).join()}}`;
}

function fragments(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, at) => clientFrame(at === 0 ? opcodes.text : opcodes.continuation, "a", { fin: at === count - 1 })));
}
