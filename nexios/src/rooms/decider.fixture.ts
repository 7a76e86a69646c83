import { z } from "zod";
import { accept, refuse } from "../contract/decision.ts";
import { defineRoom } from "../contract/define-room.ts";
import { hostRoom } from "../contract/host-room.ts";
import type { HostedRoom } from "../contract/hosted-room.ts";
import { type } from "../contract/type.ts";
import type { Log, StoredEntry } from "../log/log.ts";
import { MemoryLog } from "../log/memory-log.ts";
import { NexiosError } from "../protocol/failure.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { CallReply, RoomCall } from "./call.ts";
import { callIdAt } from "../protocol/call-id.fixture.ts";
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

export const room: HostedRoom = hostRoom(
  counter.serve({
    authorize: () => true,
    input: { add: z.object({ by: z.number() }) },
    decide: { add: (state, { by }) => (state.sum + by > 100 && by !== 666 ? refuse("TOO_MUCH") : accept({ by }, { sum: state.sum + by })) },
  }),
);

export const clock: ManualClock = new ManualClock();

export function memoryLog(): MemoryLog {
  return new MemoryLog({ now: () => clock.now(), newEpoch: () => crypto.randomUUID() });
}

export function decider(
  log: Log,
  limits: Partial<QueueLimits> = {},
  history: Partial<HistoryRules> = {},
  of: HostedRoom = room,
  passed?: () => Promise<number>,
): { decider: Decider; delivered: number[] } {
  const delivered: number[] = [];
  const services = {
    log,
    clock,
    parts: shippedParts,
    ...(passed !== undefined && { passed }),
    limits: { calls: defaultCallRules, queue: { ...defaultQueueLimits, ...limits }, history: { ...defaultHistoryRules, ...history }, timeBoundMs: 100 },
  };
  const see = (entries: readonly StoredEntry[]): void => void delivered.push(...entries.map(({ offset }) => offset));
  return {
    decider: new Decider("counter/1", of, services, { onFound: see, onAppended: see, onForgotten: () => undefined, onClosed: () => undefined }),
    delivered,
  };
}

export function callOf(by: number): RoomCall {
  return {
    kind: "call",
    name: "add",
    input: { by },
    inputHash: `${by}`,
    user: { id: "ann", name: "Ann" },
    params: { id: "1" },
    callId: callIdAt(clock.now()),
    receivedAt: clock.now(),
    prepared: undefined,
    isRepeat: false,
  };
}

export function add(target: Decider, by: number, member = "m"): Promise<CallReply> {
  return target.call({ call: callOf(by), member, bytes: 10 });
}

export function stateOf(target: Decider): Promise<unknown> {
  return target.current(({ states }) => states.public);
}

export function sumOf(reply: CallReply): unknown {
  if (reply.kind !== "accepted") return reply.code;
  return (JSON.parse(new TextDecoder().decode(reply.result)) as { sum: number }).sum;
}

/** A log that can be told to fail, before or after it has written. */
export function faulty(log: Log, faults: ("before" | "after")[]): Log {
  const failing = Object.create(log) as Log;
  failing.append = async (request, decide) => {
    const fault = faults.shift();
    if (fault === "before") throw new NexiosError("UNAVAILABLE", "the store is away");
    const result = await log.append(request, decide);
    if (fault === "after") throw new NexiosError("UNAVAILABLE", "the answer was lost");
    return result;
  };
  for (const name of ["head", "read", "checkpoint", "now", "timeBoundMs"] as const) failing[name] = log[name].bind(log) as never;
  return failing;
}

/** A log with an entry that the counter's `evolve` throws on. */
export async function unfoldableLog(): Promise<MemoryLog> {
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
  return log;
}
