import { expect, test } from "vitest";
import { ManualTransport } from "../testing/manual-transport.ts";
import { FanOut } from "./fan-out.ts";
import { defaultLimits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { WriteTurn } from "./write-turn.ts";

function build(connections: number) {
  const turn = new WriteTurn(() => undefined, defaultLimits.turnBytes);
  const peers = Array.from({ length: connections }, () => {
    const transport = new ManualTransport();
    return { transport, outbox: new Outbox(transport, turn, defaultLimits, () => undefined) };
  });
  return { turn, peers };
}

test("connections to which the same frames are due share one copy of them", () => {
  const { turn, peers } = build(100);
  const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];

  for (const { outbox } of peers) outbox.send(first);
  for (const { outbox } of peers) outbox.send(second);
  turn.flush();

  const writes = new Set(peers.flatMap(({ transport }) => transport.writes));
  expect([...writes].map((write) => [...write])).toEqual([[1, 2]]);
});

test("a connection to which something else is due in between gets all in its own order", () => {
  const { turn, peers } = build(4);
  const [first, second, between] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
  const group = new FanOut(turn, "drop-oldest");
  const alone = peers[2];
  if (alone !== undefined) group.add(alone.outbox);

  for (const { outbox } of peers) outbox.send(first);
  group.send(between);
  for (const { outbox } of peers) outbox.send(second);
  turn.flush();

  const writes = peers.map(({ transport }) => transport.writes.map((write) => [...write]));
  expect(writes).toEqual([[[1, 2]], [[1, 2]], [[1, 3, 2]], [[1, 2]]]);
});

test("a frame that is sent again, behind another, keeps its second place", () => {
  const { turn, peers } = build(1);
  const [first, between] = [Uint8Array.of(1), Uint8Array.of(2)];
  const group = new FanOut(turn, "drop-oldest");
  for (const { outbox } of peers) group.add(outbox);

  for (const { outbox } of peers) outbox.send(first);
  group.send(between);
  for (const { outbox } of peers) outbox.send(first);
  turn.flush();

  expect(peers.flatMap(({ transport }) => transport.writes).map((write) => [...write])).toEqual([[1, 2, 1]]);
});
