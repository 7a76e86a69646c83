import { expect, test, vi } from "vitest";
import { accept } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import { type } from "../contract/type.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Clock } from "../world/clock.ts";
import { defaultCallRules } from "./commit.ts";
import { add, clock, decider, memoryLog, room, stateOf, sumOf, unfoldableLog } from "./decider.fixture.ts";
import { Decider } from "./decider.ts";
import { defaultHistoryRules } from "./history-rules.ts";
import { shippedParts } from "./parts.ts";
import { defaultQueueLimits } from "./room-queue.ts";

test("calls that take longer than a batch may are decided in several, in their order", async () => {
  let now = 0;
  const slow: Clock = { monotonic: () => now, now: () => clock.now(), after: clock.after.bind(clock), afterTurn: clock.afterTurn.bind(clock) };
  const log = memoryLog();
  const append = vi.spyOn(log, "append");
  const busy = { ...room, decideCall: (...args: Parameters<typeof room.decideCall>) => ((now += 8), room.decideCall(...args)) };
  const services = {
    log,
    clock: slow,
    parts: shippedParts,
    limits: { calls: defaultCallRules, queue: defaultQueueLimits, history: defaultHistoryRules, timeBoundMs: 100 },
  };
  const one = new Decider("counter/1", busy, services, {
    onFound: () => undefined,
    onAppended: () => undefined,
    onForgotten: () => undefined,
    onClosed: () => undefined,
  });

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

test("calls that came in one turn with such a batch, and are more than it holds, are told so too", async () => {
  const log = memoryLog();
  const stuck = Promise.withResolvers<never>();
  vi.spyOn(log, "append").mockReturnValueOnce(stuck.promise);
  const { decider: one } = decider(log, { batchCalls: 1 });
  const [taken, waiting] = [add(one, 1), add(one, 2)];
  let told: unknown;
  void waiting.then((reply) => (told = reply));
  await new Promise((resolve) => setImmediate(resolve));

  await clock.advance(13_000);

  expect(told).toEqual({ kind: "failed", code: "OVERLOADED" });
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
    limits: { calls: defaultCallRules, queue: defaultQueueLimits, history: { ...defaultHistoryRules, readEntries: 2 }, timeBoundMs: 100 },
  };
  const events = { onFound: () => undefined, onAppended: () => undefined, onForgotten: () => undefined, onClosed: () => undefined };
  const [a, b] = [new Decider("counter/1", tally, services, events), new Decider("counter/1", tally, services, events)];
  await add(a, 1);
  for (let by = 0; by < 5; by++) await add(b, 1);
  const read = log.read.bind(log);
  vi.spyOn(log, "read").mockImplementationOnce(read).mockRejectedValueOnce(new NexiosError("UNAVAILABLE", "away"));

  await expect(stateOf(a)).rejects.toMatchObject({ code: "UNAVAILABLE" });

  expect(await stateOf(a)).toEqual({ sum: 6 });
});

test("a room that is closed answers at once, and folds nothing again", async () => {
  const log = await unfoldableLog();
  const { decider: one } = decider(log);
  await expect(stateOf(one)).rejects.toMatchObject({ code: "INTERNAL" });
  const read = vi.spyOn(log, "read");

  await expect(stateOf(one)).rejects.toMatchObject({ code: "INTERNAL" });

  expect(read).not.toHaveBeenCalled();
});
