import { expect, test } from "vitest";
import { calm } from "../../../test/wire/calm-load.ts";
import { turn } from "../../../test/wire/raw-socket.ts";
import { NexiosApp } from "../app/app.ts";
import { connect, ManualClock } from "../testing/index.ts";
import { ManualTransport } from "../testing/manual-transport.ts";
import type { Connection } from "./connection.ts";
import { FanOut } from "./fan-out.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { OpenConnection } from "./open-connection.ts";
import { WriteTurn } from "./write-turn.ts";

const secret = "a secret of thirty-two bytes at least";

/** A transport whose received bytes a test counts itself. */
type Received = Omit<ManualTransport, "receivedBytes"> & { receivedBytes: number };

function open(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const services = { serverId: "a".repeat(12), clock, limits: { ...defaultLimits, ...limits }, turn: new WriteTurn(() => undefined, defaultLimits.turnBytes) };
  const transport: Received = new ManualTransport();
  const connection = new OpenConnection(transport, services);
  /** Looks twice a second, as a server does; the peer answers each ping. */
  async function watch(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      await clock.advance(500);
      connection.pulse.lifeAt = clock.monotonic();
      connection.examine(clock.monotonic(), clock.now());
    }
  }
  return { services, transport, connection, watch };
}

test.each(["fail", "close"] as const)("on %s what was sent in the turn before it goes out first, a group's frames and its own in order", (how) => {
  const { services, transport, connection } = open();
  const group = new FanOut(services.turn, "drop-oldest");
  group.add(connection.outbox);

  group.send(Uint8Array.of(1));
  connection.outbox.send(Uint8Array.of(2));
  group.send(Uint8Array.of(3));
  if (how === "fail") connection.fail("INVALID", "x");
  else connection.close(1000, "x");

  expect(transport.writes.flatMap((write) => [...write])).toEqual([1, 2, 3]);
  expect(transport.ending).toBe(how === "fail" ? "4400 x" : "1000 x");
});

test("pings that come in one chunk with a message buy no time for the next message", async () => {
  const { transport, connection, watch } = open();
  transport.receivedBytes = 10 + 20 * 6;
  connection.onText("x");
  for (let ping = 0; ping < 20; ping++) connection.onControl(6);

  await watch(60_000);
  const quiet = transport.ending;
  transport.receivedBytes += 100;
  await watch(31_000);

  expect(quiet).toBeUndefined();
  expect(transport.ending).toBe("1002 a message took too long");
});

test("a close goes on reading a peer that was not read from, so that its own close is heard", () => {
  const { transport, connection } = open({ unreadMessages: 2 });
  for (const text of ["1", "2"]) connection.onText(text);
  const full = transport.paused;

  connection.close(1000, "");

  expect(full).toBe(true);
  expect([transport.paused, transport.ending]).toEqual([false, "1000 "]);
});

test("a handler that returns while its inbox is full lets the connection end at once", async () => {
  // Neither clock ends it: only the peer's own close does.
  await using app = new NexiosApp({ auth: { jwt: { secret } }, load: calm, clock: new ManualClock(), limits: { unreadMessages: 2, closingMs: 3_600_000 } });
  const accepted = Promise.withResolvers<Connection>();
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    accepted.resolve(ws);
    while (!ws.open.inbox.paused) await turn();
  });
  const { url } = await app.listen({ port: 0 });
  const peer = await connect(url, "/");
  const ws = await accepted.promise;

  for (let count = 0; count < 100; count++) peer.sendText("unread");

  expect(await peer.closed).toEqual({ code: 1000, reason: "" });
  expect(ws.ending).toEqual({ code: 1000, reason: "" });
});
