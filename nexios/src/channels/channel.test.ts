import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { NexiosApp } from "../app/app.ts";
import type { Connection } from "../server/connection.ts";
import { connect } from "../testing/connect.ts";
import { Channel, type PayloadType } from "./channel.ts";
import type { SlowPolicy } from "../server/fan-out.ts";

const jwt = { secret: "a secret of at least thirty-two bytes" };

/** Runs `use` in a handler, before it accepts and after. */
async function inHandler(before: (ws: Connection) => void, after: (ws: Connection) => void): Promise<void> {
  await using app = new NexiosApp({ auth: { jwt } });
  const done = Promise.withResolvers<void>();
  app.wsRoute("/", async (ws) => {
    try {
      before(ws);
      await ws.accept();
      after(ws);
      done.resolve();
    } catch (error) {
      done.reject(error);
    }
  });
  const peer = await connect(app, "/");
  await done.promise;
  await peer.closed;
}

test("a channel needs an accepted connection, and has an id of its own", async () => {
  await inHandler(
    (ws) => expect(() => new Channel(ws, { payloadType: "json" })).toThrow(expect.objectContaining({ code: "NOT_ACCEPTED" })),
    (ws) => {
      const [a, b] = [new Channel(ws, { payloadType: "json" }), new Channel(ws, { payloadType: "text", expiresInMs: 1 })];

      expect(a.id).not.toBe(b.id);
      expect([a.expiresInMs, b.expiresInMs, a.userId, a.closed]).toEqual([Infinity, 1, undefined, false]);
    },
  );
});

test.each([0, -1, NaN])("an expiry of %d is refused", async (expiresInMs) => {
  await inHandler(
    () => undefined,
    (ws) => expect(() => new Channel(ws, { payloadType: "json", expiresInMs })).toThrow(TypeError),
  );
});

test("a closed channel says so at once, and its peer gets what was sent before", async () => {
  await using app = new NexiosApp({ auth: { jwt } });
  let closed: boolean | undefined;
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    const channel = new Channel(ws, { payloadType: "json" });
    await app.channels.addChannelToGroup(channel, "a");
    app.channels.groupSend("a", "last");
    channel.close(4000, "done");
    closed = channel.closed;
  });

  const peer = await connect(app, "/");

  expect(await peer.nextJson()).toBe("last");
  expect(await peer.closed).toEqual({ code: 4000, reason: "done" });
  expect(closed).toBe(true);
});

test.each<[PayloadType, PayloadType, boolean, number]>([
  ["json", "json", true, 1],
  ["json", "text", true, 1],
  ["json", "bytes", true, 0],
  ["bytes", "json", true, 1],
  ["json", "json", false, 2],
])(
  "bytes to a group of %s and %s channels, the first excluded: only members that should have got them count as dropped",
  async (first, second, inGroup, dropped) => {
    await using app = new NexiosApp({ auth: { jwt } });
    const sent = Promise.withResolvers<unknown>();
    const arrived: Channel[] = [];
    app.wsRoute("/{type}", async (ws) => {
      await ws.accept();
      const channel = new Channel(ws, { payloadType: ws.params.type as PayloadType });
      await app.channels.addChannelToGroup(channel, "a");
      arrived.push(channel);
      if (arrived.length === 2) {
        const exclude = inGroup ? arrived[0]! : new Channel(ws, { payloadType: first });
        if (!inGroup) await app.channels.addChannelToGroup(exclude, "b");
        sent.resolve(app.channels.groupSend("a", Uint8Array.of(1), { exclude }));
      }
      await ws.receiveText();
    });

    const peers = [await connect(app, `/${first}`), await connect(app, `/${second}`)];

    expect(await sent.promise).toEqual({ handed: second === "bytes" ? 1 : 0, dropped, gone: 0 });
    for (const peer of peers) peer.terminate();
  },
);

/** A group of one that stops reading, after a hundred sends of 20,000 bytes. */
async function sendToSleeper(app: NexiosApp) {
  const joined = Promise.withResolvers<Channel>();
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    const channel = new Channel(ws, { payloadType: "json" });
    await app.channels.addChannelToGroup(channel, "a");
    joined.resolve(channel);
    for await (const message of ws.messages()) await ws.sendJson(message);
  });
  const peer = await connect(app, "/");
  const channel = await joined.promise;
  const slowReports: unknown[] = [];
  const listener = (fields: unknown): void => void slowReports.push(fields);
  subscribe("nexios:slow", listener);
  let [dropped, gone, mostQueued] = [0, 0, 0];
  peer.pause();
  for (let n = 0; n < 100; n++) {
    const report = app.channels.groupSend("a", { n, padding: "x".repeat(20_000) });
    dropped += report.dropped;
    gone += report.gone;
    await turn();
    mostQueued = Math.max(mostQueued, channel.connection.outbox.queuedBytes);
  }
  unsubscribe("nexios:slow", listener);
  peer.resume();
  return { peer, channel, dropped, gone, mostQueued, slowReports };
}

test.each<[SlowPolicy, boolean]>([
  ["drop-oldest", true],
  ["drop-newest", false],
])("a member that stops reading costs a bounded queue; with %s it gets the last: %s", async (whenSlow, getsLast) => {
  await using app = new NexiosApp({ auth: { jwt }, limits: { queuedBytes: 200_000 }, channels: { group: () => ({ whenSlow }) } });

  const { peer, dropped, gone, mostQueued, slowReports } = await sendToSleeper(app);
  peer.sendJson("settled");
  const numbers: number[] = [];
  for (let message = await peer.nextJson(); message !== "settled"; message = await peer.nextJson()) numbers.push((message as { n: number }).n);

  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  expect([numbers.length + dropped, gone]).toEqual([100, 0]);
  expect(numbers.includes(99)).toBe(getsLast);
  expect(mostQueued).toBeGreaterThan(100_000);
  expect(mostQueued).toBeLessThanOrEqual(200_000);
  expect(slowReports.length).toBeGreaterThan(0);
});

test("a group with `close` ends a member that stops reading", async () => {
  await using app = new NexiosApp({ auth: { jwt }, limits: { queuedBytes: 200_000 }, channels: { group: () => ({ whenSlow: "close" }) } });

  const { channel, dropped, gone, mostQueued } = await sendToSleeper(app);

  expect(channel.connection.ending).toEqual({ code: 4513, reason: "reads too slowly" });
  expect([dropped, gone]).toEqual([0, 1]);
  expect(mostQueued).toBeLessThanOrEqual(200_000);
});
