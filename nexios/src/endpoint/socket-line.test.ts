import { expect, test } from "vitest";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import { defaultLimits } from "../server/limits.ts";
import { OpenConnection } from "../server/open-connection.ts";
import { WriteTurn } from "../server/write-turn.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { ManualTransport } from "../testing/manual-transport.ts";
import { SocketLine } from "./socket-line.ts";
import { findWire } from "./wires.ts";

const limits = { ...defaultLimits, unsentBytes: 1_000 };

function openLines(count: number) {
  const clock = new ManualClock();
  const turn = new WriteTurn((fire) => clock.afterTurn(fire), limits.turnBytes);
  const drained: number[] = [];
  const lines = Array.from({ length: count }, (_, index) => {
    const transport = new ManualTransport();
    const open = new OpenConnection(transport, { serverId: "a".repeat(12), clock, limits, turn });
    return { transport, open, line: new SocketLine(open, { encoding: jsonEncoding, unsentBytes: 1_000, onDrained: () => drained.push(index) }) };
  });
  return { clock, lines, drained };
}

async function turns(): Promise<void> {
  for (let at = 0; at < 3; at++) await new Promise((resolve) => setImmediate(resolve));
}

test("one message for many members is written as the very bytes that were made once", async () => {
  const { lines } = openLines(100);
  const wire = findWire(["nexios.v1.json"]);
  const message = wire?.encoding.join([Buffer.from('{"t":"e"}')]) ?? new Uint8Array();

  for (const { line } of lines) line.send(message);
  await turns();

  const written = new Set(lines.flatMap(({ transport }) => transport.writes));
  expect(written.size).toBe(1);
  expect(written.has(message)).toBe(true);
});

test("messages of one turn leave in one write", async () => {
  const { lines } = openLines(1);
  const [only] = lines;

  only?.line.send(Uint8Array.of(1));
  only?.line.send(Uint8Array.of(2));
  await turns();

  expect(only?.transport.writes.map((write) => [...write])).toEqual([[1, 2]]);
});

test("who was full is told when there is room again: at once where the socket takes it all, else when it has", async () => {
  const { lines, drained } = openLines(2);
  const [free, stuck] = lines;
  if (stuck !== undefined) stuck.transport.stuck = true;

  for (const { line } of lines) line.send(new Uint8Array(1_200));
  const full = lines.map(({ line }) => line.unsentBytes > 1_000);
  await turns();
  const early = [...drained];
  if (stuck !== undefined) {
    stuck.transport.stuck = false;
    stuck.transport.take();
    stuck.open.onDrain();
  }
  await turns();

  expect([full, early, drained, free?.line.unsentBytes]).toEqual([[true, true], [0], [0, 1], 0]);
});

test("what comes to a socket that takes nothing waits here: it is given no more than one message past the limit", async () => {
  const { lines } = openLines(1);
  const [only] = lines;
  if (only === undefined) return;
  only.transport.stuck = true;

  for (let at = 0; at < 10; at++) {
    only.line.send(new Uint8Array(600));
    await turns();
  }

  expect(only.transport.writes.reduce((sum, { length }) => sum + length, 0)).toBe(1_200);
  expect(only.line.unsentBytes).toBeGreaterThan(6_000);
});

test("after the end nothing is written and nobody is told", async () => {
  const { lines, drained } = openLines(1);
  const [only] = lines;
  only?.line.send(new Uint8Array(1_200));
  only?.line.close("INVALID", "x");
  const before = only?.transport.writes.length;

  only?.line.send(Uint8Array.of(1));
  await turns();

  expect([only?.transport.writes.length, only?.transport.ending, drained]).toEqual([before, "4400 x", []]);
});
