import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import type { Log, StoredEntry } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { NexiosError } from "../protocol/failure.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { CallReply, RoomCall } from "./call.ts";
import { defaultCallRules } from "./commit.ts";
import { Decider } from "./decider.ts";
import { defaultHistoryRules, type HistoryRules } from "./history-rules.ts";
import { shippedParts } from "./parts.ts";
import { defaultQueueLimits, type QueueLimits } from "./room-queue.ts";

const counter = defineRoom("counter/{id}", {
  log: "volatile",
  entry: type<{ by: number }>(),
  state: type<{ sum: number }>(),
  calls: { add: { input: type<{ by: number }>(), result: type<{ sum: number }>(), refusals: { TOO_MUCH: type<undefined>() } } },
}).fold({ sum: 0 }, (state, { by }) => {
  if (by === 666) throw new Error("can't be folded");
  return { sum: state.sum + by };
});

const room = hostRoom(
  counter.serve({
    authorize: () => true,
    input: { add: z.object({ by: z.number() }) },
    decide: { add: (state, { by }) => (state.sum + by > 100 && by !== 666 ? refuse("TOO_MUCH") : accept({ by }, { sum: state.sum + by })) },
  }),
);

const clock = new ManualClock();
let ids = 0;
let logs: Log[] = [];

afterEach(async () => {
  for (const log of logs) await log.close();
  logs = [];
});

function memoryLog(): MemoryLog {
  const log = new MemoryLog({ now: () => clock.now(), newEpoch: () => crypto.randomUUID() });
  logs.push(log);
  return log;
}

function decider(log: Log, limits: Partial<QueueLimits> = {}, history: Partial<HistoryRules> = {}): { decider: Decider; delivered: number[] } {
  const delivered: number[] = [];
  const services = {
    log,
    clock,
    parts: shippedParts,
    limits: { calls: defaultCallRules, queue: { ...defaultQueueLimits, ...limits }, history: { ...defaultHistoryRules, ...history } },
  };
  const see = (entries: readonly StoredEntry[]): void => void delivered.push(...entries.map(({ offset }) => offset));
  return { decider: new Decider("counter/1", room, services, { onFound: see, onAppended: see, onClosed: () => undefined }), delivered };
}

function callOf(by: number): RoomCall {
  const hex = clock.now().toString(16).padStart(12, "0");
  const callId = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(ids++).padStart(12, "0")}`;
  return {
    kind: "call",
    name: "add",
    input: { by },
    inputHash: `${by}`,
    user: { id: "ann", name: "Ann" },
    params: { id: "1" },
    callId,
    receivedAt: clock.now(),
    prepared: undefined,
    isRepeat: false,
  };
}

function add(target: Decider, by: number, member = "m"): Promise<CallReply> {
  return target.call({ call: callOf(by), member, bytes: 10 });
}

function stateOf(target: Decider): Promise<unknown> {
  return target.current(({ states }) => states.public);
}

function sumOf(reply: CallReply): unknown {
  if (reply.kind !== "accepted") return reply.code;
  return (JSON.parse(new TextDecoder().decode(reply.result)) as { sum: number }).sum;
}

/** A log that can be told to fail, before or after it has written. */
function faulty(log: Log, faults: ("before" | "after")[]): Log {
  const failing = Object.create(log) as Log;
  failing.append = async (request, decide) => {
    const fault = faults.shift();
    if (fault === "before") throw new NexiosError("UNAVAILABLE", "the store is away");
    const result = await log.append(request, decide);
    if (fault === "after") throw new NexiosError("UNAVAILABLE", "the answer was lost");
    return result;
  };
  for (const name of ["head", "read", "checkpoint", "now"] as const) failing[name] = log[name].bind(log) as never;
  return failing;
}

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
  const log = memoryLog();
  const bytes = new TextEncoder().encode('{"by":666}');
  await log.append({ room: "counter/1", from: undefined, keys: [] }, ({ head }) => ({
    entries: [{ at: 0, author: undefined, callId: undefined, version: 1, bytes, publicBytes: bytes }],
    outcomes: [],
    erase: [],
    version: 1,
    wakeAt: undefined,
    callsSince: head.callsSince,
  }));
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

test("calls that take longer than a batch may are decided in several, in their order", async () => {
  let now = 0;
  const slow = { ...clock, monotonic: () => now, now: () => clock.now(), after: clock.after.bind(clock), afterTurn: clock.afterTurn.bind(clock) };
  const log = memoryLog();
  const append = vi.spyOn(log, "append");
  const busy = { ...room, decideCall: (...args: Parameters<typeof room.decideCall>) => ((now += 8), room.decideCall(...args)) };
  const services = { log, clock: slow, parts: shippedParts, limits: { calls: defaultCallRules, queue: defaultQueueLimits, history: defaultHistoryRules } };
  const one = new Decider("counter/1", busy, services, { onFound: () => undefined, onAppended: () => undefined, onClosed: () => undefined });

  const replies = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((by) => add(one, by)));

  expect(replies.map(sumOf)).toEqual([1, 3, 6, 10, 15, 21, 28]);
  expect(append).toHaveBeenCalledTimes(3);
});

test("calls that wait while the store does not answer are told so in time, undecided", async () => {
  const log = memoryLog();
  const stuck = Promise.withResolvers<never>();
  vi.spyOn(log, "append").mockReturnValueOnce(stuck.promise);
  const { decider: one } = decider(log);
  const taken = add(one, 1);
  await new Promise((resolve) => setImmediate(resolve));
  const waiting = add(one, 2);

  await clock.advance(13_000);

  expect(await waiting).toEqual({ kind: "failed", code: "OVERLOADED" });
  stuck.reject(new NexiosError("UNAVAILABLE", "away"));
  expect(await taken).toEqual({ kind: "failed", code: "UNAVAILABLE" });
});

test("states that are changed in place are not folded twice after a reading that failed", async () => {
  const tally = hostRoom(
    defineRoom("counter/{id}", {
      log: "durable",
      entry: type<{ by: number }>(),
      state: type<{ sum: number }>(),
      calls: { add: { input: type<{ by: number }>() } },
    })
      .fold(
        () => ({ sum: 0 }),
        (state, { by }) => {
          state.sum += by;
          return state;
        },
      )
      .serve({ authorize: () => true, input: { add: { unchecked: true } }, decide: { add: (_state, entry) => accept(entry) } }),
  );
  const log = memoryLog();
  const services = {
    log,
    clock,
    parts: shippedParts,
    limits: { calls: defaultCallRules, queue: defaultQueueLimits, history: { ...defaultHistoryRules, readEntries: 2 } },
  };
  const events = { onFound: () => undefined, onAppended: () => undefined, onClosed: () => undefined };
  const [a, b] = [new Decider("counter/1", tally, services, events), new Decider("counter/1", tally, services, events)];
  await add(a, 1);
  for (let by = 0; by < 5; by++) await add(b, 1);
  const read = log.read.bind(log);
  vi.spyOn(log, "read").mockImplementationOnce(read).mockRejectedValueOnce(new NexiosError("UNAVAILABLE", "away"));

  await expect(stateOf(a)).rejects.toMatchObject({ code: "UNAVAILABLE" });

  expect(await stateOf(a)).toEqual({ sum: 6 });
});

test("a room that is closed answers at once, and folds nothing again", async () => {
  const log = memoryLog();
  const bytes = new TextEncoder().encode('{"by":666}');
  await log.append({ room: "counter/1", from: undefined, keys: [] }, ({ head }) => ({
    entries: [{ at: 0, author: undefined, callId: undefined, version: 1, bytes, publicBytes: bytes }],
    outcomes: [],
    erase: [],
    version: 1,
    wakeAt: undefined,
    callsSince: head.callsSince,
  }));
  const { decider: one } = decider(log);
  await expect(stateOf(one)).rejects.toMatchObject({ code: "INTERNAL" });
  const read = vi.spyOn(log, "read");

  await expect(stateOf(one)).rejects.toMatchObject({ code: "INTERNAL" });

  expect(read).not.toHaveBeenCalled();
});
