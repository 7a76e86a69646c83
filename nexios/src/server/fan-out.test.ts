import { expect, test } from "vitest";
import { ManualTransport } from "../testing/manual-transport.ts";
import { FanOut } from "./fan-out.ts";
import { defaultLimits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { WriteTurn } from "./write-turn.ts";

function build(memberCount: number) {
  const scheduled: (() => void)[] = [];
  const turn = new WriteTurn((fire) => scheduled.push(fire), defaultLimits.turnBytes);
  const members = Array.from({ length: memberCount }, () => {
    const transport = new ManualTransport();
    return { transport, outbox: new Outbox(transport, turn, defaultLimits, () => undefined) };
  });
  const join = (...which: number[]): FanOut => {
    const group = new FanOut(turn, "drop-oldest");
    for (const index of which) group.add(members[index]!.outbox);
    return group;
  };
  return { turn, members, join, scheduled, written: (index: number) => members[index]!.transport.writes.map((write) => [...write]) };
}

const byte = (value: number): Uint8Array => Uint8Array.of(value);

test("all members of a group get one write for all sends of a turn, and it is the same buffer", () => {
  const { turn, members, join } = build(100);
  const group = join(...members.keys());

  for (const value of [1, 2, 3]) group.send(byte(value));
  turn.flush();

  const [first] = members[0]!.transport.writes;
  expect([...first!]).toEqual([1, 2, 3]);
  for (const { transport } of members) {
    expect(transport.writes.length).toBe(1);
    expect(transport.writes[0]).toBe(first);
  }
});

test("what was due to one member alone costs nothing in later turns", () => {
  const { turn, members, join } = build(3);
  const group = join(0, 1, 2);
  members[0]!.outbox.send(byte(9));
  group.send(byte(1));
  turn.flush();

  for (const value of [2, 3]) group.send(byte(value));
  turn.flush();

  const last = members.map(({ transport }) => transport.writes.at(-1));
  expect([...last[0]!]).toEqual([2, 3]);
  expect(new Set(last).size).toBe(1);
});

test("a turn is scheduled once, however much is sent in it", () => {
  const { join, scheduled, members } = build(2);
  const group = join(0, 1);

  for (let value = 0; value < 10; value++) group.send(byte(value));
  members[0]!.outbox.send(byte(99));
  const first = scheduled.length;
  scheduled[0]!();
  group.send(byte(1));

  expect(first).toBe(1);
  expect(scheduled.length).toBe(2);
});

test("a member of two groups gets the frames of both and its own in the order in which they were sent, in one write", () => {
  const { turn, members, join, written } = build(3);
  const [a, b] = [join(0, 1), join(0, 2)];

  a.send(byte(1));
  b.send(byte(2));
  members[0]!.outbox.send(byte(3));
  a.send(byte(4));
  turn.flush();

  expect(written(0)).toEqual([[1, 2, 3, 4]]);
  expect(written(1)).toEqual([[1, 4]]);
  expect(written(2)).toEqual([[2]]);
});

test("the excluded member gets nothing of a send, and is not counted", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0, 1);

  group.send(byte(1));
  const report = group.send(byte(2), members[0]!.outbox);
  group.send(byte(3));
  turn.flush();

  expect(report).toEqual({ handed: 1, dropped: 0, gone: 0 });
  expect(written(0)).toEqual([[1, 3]]);
  expect(written(1)).toEqual([[1, 2, 3]]);
});

test("an excluded stranger changes nothing", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0);

  const report = group.send(byte(1), members[1]!.outbox);
  turn.flush();

  expect(report.handed).toBe(1);
  expect(written(0)).toEqual([[1]]);
  expect(written(1)).toEqual([]);
});

test("who joins in the middle of a turn gets only what is sent afterwards; who leaves still gets what was sent before", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0);

  group.send(byte(1));
  group.add(members[1]!.outbox);
  group.send(byte(2));
  group.remove(members[0]!.outbox);
  group.send(byte(3));
  turn.flush();

  expect(written(0)).toEqual([[1, 2]]);
  expect(written(1)).toEqual([[2, 3]]);
});

test("who leaves and comes back within a turn misses only what was sent in between", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0, 1);

  group.send(byte(1));
  group.remove(members[0]!.outbox);
  group.send(byte(2));
  group.add(members[0]!.outbox);
  group.send(byte(3));
  turn.flush();

  expect(written(0)).toEqual([[1, 3]]);
});

test("a member that was added twice gets everything once, and has left when it was removed twice", () => {
  const { turn, members, join, written } = build(1);
  const group = join(0, 0);

  group.send(byte(1));
  group.remove(members[0]!.outbox);
  group.send(byte(2));
  group.remove(members[0]!.outbox);
  group.send(byte(3));
  turn.flush();

  expect(group.size).toBe(0);
  expect(written(0)).toEqual([[1, 2]]);
});

test("to remove a stranger changes nothing", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0);

  group.remove(members[1]!.outbox);
  group.add(members[1]!.outbox);
  group.send(byte(1));
  turn.flush();

  expect(written(1)).toEqual([[1]]);
});

test("one full socket delays nobody else", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0, 1);
  members[0]!.transport.stuck = true;
  group.send(new Uint8Array(defaultLimits.unsentBytes));
  turn.flush();

  const report = group.send(byte(1));
  turn.flush();

  expect(report.handed).toBe(2);
  expect(members[0]!.outbox.blocked).toBe(true);
  expect(written(0).length).toBe(1);
  expect(written(1).at(-1)).toEqual([1]);
});

test("a member whose socket has drained is written to with the others again", () => {
  const { turn, members, join, written } = build(2);
  const group = join(0, 1);
  const [{ transport, outbox }] = [members[0]!];
  transport.stuck = true;
  group.send(new Uint8Array(defaultLimits.unsentBytes));
  turn.flush();

  group.send(byte(1));
  transport.stuck = false;
  transport.take();
  outbox.drained();
  group.send(byte(2));
  turn.flush();

  expect(written(0).slice(1)).toEqual([[1], [2]]);
  expect(written(1).slice(1)).toEqual([[1, 2]]);
});

test("a member that has ended is told once, with the next send", () => {
  const { turn, members, join } = build(2);
  const group = join(0, 1);

  members[0]!.outbox.close();
  const reports = [group.send(byte(1)), group.send(byte(2))];
  turn.flush();

  expect(reports).toEqual([
    { handed: 1, dropped: 0, gone: 1 },
    { handed: 1, dropped: 0, gone: 0 },
  ]);
});

test("more than `turnBytes` in one turn leaves before the turn ends", () => {
  const { members, join } = build(1);
  const group = join(0);

  group.send(new Uint8Array(defaultLimits.turnBytes));
  const before = members[0]!.transport.writes.length;
  group.send(byte(1));

  expect(before).toBe(0);
  expect(members[0]!.transport.writes.length).toBe(1);
});
