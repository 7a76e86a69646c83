import { expect, test, vi } from "vitest";
import type { RoomStates } from "../contract/hosted-room.ts";
import type { Log } from "../log/log.ts";
import { add, callOf, clock, decider, faulty, memoryLog, room, stateOf, sumOf, unfoldableLog } from "./decider.fixture.ts";

test("calls are decided in the order in which they came, many in one commit", async () => {
  const log = memoryLog();
  const { decider: one, delivered } = decider(log);

  const replies = await Promise.all([1, 2, 3, 4].map((by) => add(one, by)));

  expect(replies.map(sumOf)).toEqual([1, 3, 6, 10]);
  expect(delivered).toEqual([1, 2, 3, 4]);
  expect(await stateOf(one)).toEqual({ sum: 10 });
});

test("two deciders on one log decide one order, and each sees every entry once", async () => {
  const log = memoryLog();
  const [a, b] = [decider(log), decider(log)];

  const replies = await Promise.all(Array.from({ length: 40 }, (_, index) => add(index % 2 === 0 ? a.decider : b.decider, 1)));
  await Promise.all([stateOf(a.decider), stateOf(b.decider)]);

  expect(replies.map(sumOf).toSorted((x, y) => Number(x) - Number(y))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  for (const { delivered } of [a, b]) expect(delivered).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
});

test("after a commit that failed nothing of it is believed, and the same call takes effect once", async () => {
  const log = memoryLog();
  const { decider: one } = decider(faulty(log, ["before"]));
  const call = callOf(5);

  const lost = await one.call({ call, member: "m", bytes: 10 });
  const again = await one.call({ call: { ...call, isRepeat: true }, member: "m", bytes: 10 });

  expect([lost, sumOf(again)]).toEqual([{ kind: "failed", code: "UNAVAILABLE" }, 5]);
  expect((await log.read("counter/1", 0, 10)).length).toBe(1);
});

test("after a commit whose answer was lost, the same call is answered with what it did", async () => {
  const log = memoryLog();
  const { decider: one, delivered } = decider(faulty(log, ["after"]));
  const call = callOf(5);

  const lost = await one.call({ call, member: "m", bytes: 10 });
  const again = await one.call({ call: { ...call, isRepeat: true }, member: "m", bytes: 10 });
  const next = await add(one, 1);

  expect([lost, sumOf(again), sumOf(next)]).toEqual([{ kind: "failed", code: "UNAVAILABLE" }, 5, 6]);
  expect((await log.read("counter/1", 0, 10)).length).toBe(2);
  expect(delivered).toEqual([1, 2]);
});

test("a decider whose past is another one than the log's begins anew", async () => {
  const one = memoryLog();
  const { decider: first } = decider(one);
  await add(first, 50);
  const other = memoryLog();
  const { decider: second } = decider(
    Object.assign(Object.create(other) as Log, {
      append: one.append.bind(one),
      head: one.head.bind(one),
      read: one.read.bind(one),
      checkpoint: one.checkpoint.bind(one),
      now: () => clock.now(),
      timeBoundMs: () => 0,
    }),
  );
  await add(second, 1);
  await one.close();

  const reply = await add(second, 7);

  expect(sumOf(reply)).toBe(7);
});

test("an entry that can't be folded fails the call that brings it, and hurts no other", async () => {
  const { decider: one } = decider(memoryLog());

  const replies = await Promise.all([add(one, 1), add(one, 666), add(one, 2)]);

  expect(replies.map(sumOf)).toEqual([1, "INTERNAL", 3]);
  expect(one.closed).toBeUndefined();
});

test("a stored entry that can't be folded closes its room, and the process lives", async () => {
  const log = await unfoldableLog();
  const { decider: one } = decider(log);

  const replies = [await add(one, 1), await add(one, 2)];

  expect(replies).toEqual([
    { kind: "failed", code: "INTERNAL" },
    { kind: "failed", code: "INTERNAL" },
  ]);
  expect(one.closed).toBe("INTERNAL");
  await expect(stateOf(one)).rejects.toMatchObject({ code: "INTERNAL" });
});

test("calls past a limit are answered OVERLOADED, undecided, and others go on", async () => {
  const limits = { calls: 4, callsPerMember: 2, bytes: 100, waitMs: 1_000 };
  const { decider: one } = decider(memoryLog(), limits);

  const replies = await Promise.all(["a", "a", "a", "b", "c", "d"].map((member) => add(one, 1, member)));
  const large = await one.call({ call: callOf(1), member: "e", bytes: 101 });

  expect(replies.map(sumOf)).toEqual([1, 2, "OVERLOADED", 3, 4, "OVERLOADED"]);
  expect(large).toEqual({ kind: "failed", code: "OVERLOADED" });
  expect(sumOf(await add(one, 1))).toBe(5);
});

test("a room is trimmed behind its checkpoint, and a new decider begins there", async () => {
  const log = memoryLog();
  const { decider: one } = decider(log, {}, { checkpointEvery: 4, keepEntries: 2 });
  for (let count = 0; count < 10; count++) await add(one, 1);
  const { decider: other, delivered } = decider(log);

  const reply = await add(other, 1);
  const head = await log.head("counter/1");

  expect(sumOf(reply)).toBe(11);
  expect([head?.offset, head?.firstOffset, head?.firstPosition]).toEqual([11, 9, 7]);
  expect(delivered).toEqual([9, 10, 11]);
});

test("a room that keeps all lets go of what it says, with the commit that says so, and no more", async () => {
  const log = memoryLog();
  const history = { checkpointEvery: 100, keepEntries: 2 };
  const keepsFrom = vi.fn<(states: RoomStates) => number>(() => 1);
  const { decider: one } = decider(log, {}, history, { ...room, keepsAll: true, keepsFrom });
  for (let count = 0; count < 10; count++) await add(one, 1);
  const before = await log.head("counter/1");

  keepsFrom.mockReturnValue(7);
  await add(one, 1);
  const head = await log.head("counter/1");
  const { decider: other } = decider(log, {}, history, { ...room, keepsAll: true });

  expect(before?.firstOffset).toBe(1);
  expect([head?.offset, head?.firstOffset, head?.firstPosition]).toEqual([11, 7, 7]);
  expect(sumOf(await add(other, 1))).toBe(12);
});

test("a room that can't say what it keeps keeps all of it, and its calls go on", async () => {
  const log = memoryLog();
  const failing = (): number => {
    throw new Error("no");
  };
  const { decider: one } = decider(log, {}, { checkpointEvery: 4, keepEntries: 2 }, { ...room, keepsAll: true, keepsFrom: failing });

  for (let count = 0; count < 10; count++) await add(one, 1);
  const head = await log.head("counter/1");

  expect([head?.offset, head?.firstOffset]).toEqual([10, 1]);
});

test("of a room that keeps all nothing is trimmed, and its states are kept at checkpoints all the same", async () => {
  const log = memoryLog();
  const history = { checkpointEvery: 4, keepEntries: 2 };
  const { decider: one } = decider(log, {}, history, { ...room, keepsAll: true });
  const put = vi.spyOn(log, "putCheckpoint");

  for (let count = 0; count < 10; count++) await add(one, 1);
  const head = await log.head("counter/1");

  expect([head?.offset, head?.firstOffset, head?.firstPosition]).toEqual([10, 1, 1]);
  expect(put.mock.calls.map(([, { offset }]) => offset)).toEqual([4, 8]);
  expect(await log.read("counter/1", 0, 10)).toHaveLength(10);
});
