import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { ManualTransport } from "../testing/manual-transport.ts";
import { Connections } from "./connections.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { OpenConnection } from "./open-connection.ts";
import { WriteTurn } from "./write-turn.ts";

function build(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const services = {
    serverId: "a".repeat(12),
    clock,
    limits: { ...defaultLimits, ...limits },
    turn: new WriteTurn((fire) => clock.afterTurn(fire), defaultLimits.turnBytes),
  };
  const connections = new Connections(services);
  connections.start();
  function open(userId?: string, expiresAt?: number) {
    const transport = new ManualTransport();
    const connection = new OpenConnection(transport, services);
    connections.add(connection);
    if (userId !== undefined) connections.identify(connection, userId, expiresAt);
    return { transport, connection };
  }
  return { clock, connections, open };
}

test("past the limit of a user the oldest connection is closed with 4409, and only his", () => {
  const { connections, open } = build({ connectionsPerUser: 2 });
  const other = open("ben");
  const [first, second, third] = [open("ann"), open("ann"), open("ann")];

  expect(first.transport.ending).toBe("4409 replaced by a newer connection");
  expect([second, third, other].map(({ transport }) => transport.ending)).toEqual([undefined, undefined, undefined]);
  expect([...connections.of("ann")]).toEqual([second.connection, third.connection]);
});

test("a user's place is free again when a connection has ended", () => {
  const { connections, open } = build({ connectionsPerUser: 1 });
  const first = open("ann");

  first.connection.onClose(1000, "");
  const left = connections.of("ann").size;
  const second = open("ann");

  expect(left).toBe(0);
  expect(second.transport.ending).toBeUndefined();
  expect([...connections.of("ann")]).toEqual([second.connection]);
  expect(connections.size).toBe(1);
});

test("a token of the same user that is renewed counts once, and moves the end", async () => {
  const { clock, connections, open } = build({ connectionsPerUser: 1 });
  const { connection, transport } = open("ann", clock.now() + 1_000);

  connections.identify(connection, "ann", clock.now() + 5_000);
  await clock.advance(4_500);
  const before = transport.ending;
  await clock.advance(500);

  expect(before).toBeUndefined();
  expect(transport.ending).toBe("4501 token ran out");
});

test("connections of one user share a bucket, those of another do not", () => {
  const { open } = build({ messagesPerUser: { perSecond: 1, burst: 3 } });
  const [a, b, other] = [open("ann"), open("ann"), open("ben")];

  for (const { connection } of [a, b, a, b, other]) connection.onText("x");
  const taken = [a, b, other].map(({ connection }) => connection.inbox.next());

  expect(a.connection.userRate).toBe(b.connection.userRate);
  expect(other.connection.userRate).not.toBe(a.connection.userRate);
  return expect(Promise.all(taken)).resolves.toEqual(["x", "x", "x"]);
});

test("a silent connection is asked, and closed with 4508 when nothing comes", async () => {
  const { clock, open } = build();
  const { transport } = open();

  await clock.advance(15_500);
  const pinged = transport.writes.map((write) => [...write]);
  await clock.advance(8_500);

  expect(pinged).toEqual([[0x89, 0]]);
  expect(transport.ending).toBe("4508 no answer to a ping");
});

test("a process that stood still blames nobody", async () => {
  const { clock, open } = build();
  const { transport } = open();
  await clock.advance(15_500);
  // A single step of the clock: no look fell due in between, as when the process was stopped.
  const stoodStill = clock as unknown as { monotonic: () => number };
  const real = clock.monotonic.bind(clock);
  stoodStill.monotonic = () => real() + 60_000;

  await clock.advance(1_000);
  const after = transport.ending;
  await clock.advance(8_500);

  expect(after).toBeUndefined();
  expect(transport.ending).toBe("4508 no answer to a ping");
});

test("all are closed with reasons of their own, and what is left is cut and counted", () => {
  const { connections, open } = build();
  const opened = [open(), open(), open()];
  let next = 0;

  connections.closeAll(4503, () => String(next++));
  opened[0]!.connection.onClose(4503, "0");
  const cut = connections.destroyAll();

  expect(opened.map(({ transport }) => transport.ending)).toEqual(["4503 0", "4503 1", "4503 2"]);
  expect(cut).toBe(2);
});

test("a connection that has ended is told to who asks later, once each", () => {
  const { open } = build();
  const { connection } = open();
  const endings: unknown[] = [];
  connection.onEnd((ending) => endings.push(ending));

  connection.onClose(1001, "away");
  connection.onEnd((ending) => endings.push(ending));

  expect(endings).toEqual([
    { code: 1001, reason: "away" },
    { code: 1001, reason: "away" },
  ]);
});

test("a close waits until a full socket has taken what was sent before", async () => {
  const { clock, open } = build();
  const { connection, transport } = open();
  transport.stuck = true;
  connection.outbox.send(new Uint8Array(defaultLimits.unsentBytes));
  await clock.advance(0);
  connection.outbox.send(Uint8Array.of(1));

  connection.close(1000, "bye");
  const whileFull = transport.ending;
  transport.stuck = false;
  transport.take();
  connection.onDrain();

  expect(whileFull).toBeUndefined();
  expect([...transport.writes.at(-1)!]).toEqual([1]);
  expect(transport.ending).toBe("1000 bye");
});

test("a peer that does not answer a close is cut after `closingMs`", async () => {
  const { clock, open } = build();
  const { connection, transport } = open();
  transport.stuck = true;
  connection.outbox.send(new Uint8Array(defaultLimits.unsentBytes));
  await clock.advance(0);

  connection.close(1000, "");
  await clock.advance(2_500);
  const before = transport.ending;
  await clock.advance(500);

  expect(before).toBeUndefined();
  expect(transport.ending).toBe("destroyed");
});
