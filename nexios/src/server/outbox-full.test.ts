import { expect, test } from "vitest";
import { ManualTransport } from "../testing/manual-transport.ts";
import { FanOut, type SlowPolicy } from "./fan-out.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { WriteTurn } from "./write-turn.ts";

/** Room for three frames of 36 bytes, each with its overhead of 64. */
const limits: Limits = { ...defaultLimits, unsentBytes: 10, queuedBytes: 300 };

/** An outbox whose socket is full, and groups that it is in. */
function open(...policies: readonly SlowPolicy[]) {
  const turn = new WriteTurn(() => undefined, limits.turnBytes);
  const transport = new ManualTransport();
  let overflows = 0;
  const outbox: Outbox = new Outbox(transport, turn, limits, () => {
    overflows++;
    outbox.close();
  });
  transport.stuck = true;
  outbox.send(new Uint8Array(limits.unsentBytes));
  turn.flush();
  transport.writes.length = 0;
  const groups = policies.map((policy) => new FanOut(turn, policy));
  for (const group of groups) group.add(outbox);
  /** The first byte of each frame that reaches the socket once it takes all. */
  const drainedIds = (): number[] => {
    transport.stuck = false;
    transport.take();
    outbox.drained();
    const bytes = Buffer.concat(transport.writes);
    return Array.from({ length: bytes.length / 36 }, (_, index) => bytes[index * 36]!);
  };
  return { outbox, groups, drainedIds, overflows: () => overflows };
}

function frame(id: number): Uint8Array {
  return new Uint8Array(36).fill(id);
}

test.each<SlowPolicy>(["drop-oldest", "drop-newest"])(
  "with %s a group's frame that is larger than `queuedBytes` is dropped itself, and what waits stays",
  (policy) => {
    const { outbox, groups, drainedIds } = open(policy);
    const [group] = groups as [FanOut];
    group.send(frame(1));

    const report = group.send(new Uint8Array(300));
    const queuedBytes = outbox.queuedBytes;

    expect(report).toEqual({ handed: 0, dropped: 1, gone: 0 });
    expect(queuedBytes).toBe(100);
    expect(drainedIds()).toEqual([1]);
  },
);

test("a frame that just fits into `queuedBytes` takes the place of all older ones of its group", () => {
  const { outbox, groups } = open("drop-oldest");
  const [group] = groups as [FanOut];
  for (const id of [1, 2]) group.send(frame(id));

  const report = group.send(new Uint8Array(300 - 64));

  expect(report).toEqual({ handed: 1, dropped: 2, gone: 0 });
  expect(outbox.queuedBytes).toBe(300);
});

test("a direct frame makes room among the newest frames of a group with drop-newest", () => {
  const { outbox, groups, drainedIds, overflows } = open("drop-newest");
  const [group] = groups as [FanOut];
  for (const id of [1, 2, 3]) group.send(frame(id));

  outbox.send(frame(4));

  expect(overflows()).toBe(0);
  expect(drainedIds()).toEqual([1, 2, 4]);
});

test("a direct frame drops what groups with drop-oldest have, the oldest first, before it touches one with drop-newest", () => {
  const { outbox, groups, drainedIds } = open("drop-newest", "drop-oldest", "drop-oldest");
  const [newest, oldestA, oldestB] = groups as [FanOut, FanOut, FanOut];
  newest.send(frame(1));
  oldestA.send(frame(2));
  oldestB.send(frame(3));

  outbox.send(frame(4));
  const afterFirst = [newest, oldestA, oldestB].map((group) => group.send(new Uint8Array(), outbox).dropped);
  outbox.send(frame(5));
  outbox.send(frame(6));
  const afterThird = [newest, oldestA, oldestB].map((group) => group.send(new Uint8Array(), outbox).dropped);

  expect(afterFirst).toEqual([0, 1, 0]);
  expect(afterThird).toEqual([1, 0, 1]);
  expect(drainedIds()).toEqual([4, 5, 6]);
});

test.each<SlowPolicy>(["drop-oldest", "drop-newest"])("with %s frames of a group that the member has left make room too, and it gets the rest", (policy) => {
  const { outbox, groups, drainedIds, overflows } = open(policy);
  const [group] = groups as [FanOut];
  for (const id of [1, 2, 3]) group.send(frame(id));

  group.remove(outbox);
  outbox.send(frame(4));

  expect(overflows()).toBe(0);
  expect(drainedIds()).toEqual(policy === "drop-oldest" ? [2, 3, 4] : [1, 2, 4]);
});

test("frames of a group with close make no room: a direct frame past `queuedBytes` ends the connection", () => {
  const { outbox, groups, overflows } = open("close");
  const [group] = groups as [FanOut];
  for (const id of [1, 2, 3]) group.send(frame(id));

  outbox.send(frame(4));

  expect(overflows()).toBe(1);
  expect(group.send(frame(5))).toEqual({ handed: 0, dropped: 0, gone: 1 });
});
