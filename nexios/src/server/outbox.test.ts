import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ManualTransport } from "../testing/manual-transport.ts";
import { FanOut, type SlowPolicy } from "./fan-out.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { WriteTurn } from "./write-turn.ts";

const limits: Limits = { ...defaultLimits, unsentBytes: 10, queuedBytes: 300 };

interface Opened {
  readonly turn: WriteTurn;
  readonly transport: ManualTransport;
  readonly outbox: Outbox;
  /** How often it asked for the end of its connection. */
  readonly overflows: () => number;
}

function open(given: Limits = limits, turn = new WriteTurn(() => undefined, given.turnBytes)): Opened {
  const transport = new ManualTransport();
  let overflows = 0;
  const outbox: Outbox = new Outbox(transport, turn, given, () => {
    overflows++;
    outbox.close();
  });
  return { turn, transport, outbox, overflows: () => overflows };
}

/** An outbox whose socket is full. */
function openBlocked(given: Limits = limits): Opened {
  const opened = open(given);
  opened.transport.stuck = true;
  opened.outbox.send(new Uint8Array(given.unsentBytes));
  opened.turn.flush();
  opened.transport.writes.length = 0;
  return opened;
}

/** A frame of 36 bytes: with its overhead 100. */
function frame(id: number): Uint8Array {
  return new Uint8Array(36).fill(id);
}

function idsIn(transport: ManualTransport): number[] {
  const bytes = Buffer.concat(transport.writes);
  return Array.from({ length: bytes.length / 36 }, (_, index) => bytes[index * 36]!);
}

function drain({ transport, outbox }: Opened): void {
  transport.stuck = false;
  transport.take();
  outbox.drained();
}

test("what is sent within a turn leaves in one write when the turn ends", () => {
  const { turn, transport, outbox } = open();

  outbox.send(frame(1));
  outbox.send(frame(2));
  const before = transport.writes.length;
  turn.flush();

  expect(before).toBe(0);
  expect(transport.writes.length).toBe(1);
  expect(idsIn(transport)).toEqual([1, 2]);
});

test("more than `turnBytes` of its own leaves before the turn ends", () => {
  const { transport, outbox } = open({ ...defaultLimits, turnBytes: 200 });

  outbox.send(frame(1));
  outbox.send(frame(2));
  const at200 = transport.writes.length;
  outbox.send(frame(3));

  expect(at200).toBe(0);
  expect(idsIn(transport)).toEqual([1, 2, 3]);
});

test("nothing is written to a full socket, and what waits goes on when it has drained", () => {
  const opened = openBlocked();

  opened.outbox.send(frame(1));
  opened.outbox.send(frame(2));
  opened.turn.flush();
  const whileFull = opened.transport.writes.length;
  drain(opened);

  expect(whileFull).toBe(0);
  expect(idsIn(opened.transport)).toEqual([1, 2]);
});

test("`queuedBytes` is reached to the byte, and the next frame of its own ends the connection", () => {
  const { outbox, overflows } = openBlocked();

  for (const id of [1, 2, 3]) outbox.send(frame(id));
  const atLimit = { overflows: overflows(), queuedBytes: outbox.queuedBytes };
  outbox.send(new Uint8Array(1));

  expect(atLimit).toEqual({ overflows: 0, queuedBytes: 300 });
  expect(overflows()).toBe(1);
});

test("a frame of its own makes room among the frames of groups, the oldest first", () => {
  const opened = openBlocked();
  const group = new FanOut(opened.turn, "drop-oldest");
  group.add(opened.outbox);
  for (const id of [1, 2, 3]) group.send(frame(id));

  opened.outbox.send(frame(4));
  const report = group.send(frame(5));
  drain(opened);

  expect(opened.overflows()).toBe(0);
  expect(idsIn(opened.transport)).toEqual([3, 4, 5]);
  // The frame of its own made one group frame go, the last send another.
  expect(report).toEqual({ handed: 1, dropped: 2, gone: 0 });
});

test.each<[SlowPolicy, number[], number]>([
  ["drop-oldest", [3, 4, 5], 0],
  ["drop-newest", [1, 2, 3], 0],
  ["close", [], 1],
])("past `queuedBytes` a group with %s keeps what its policy says", (policy, kept, overflows) => {
  const opened = openBlocked();
  const group = new FanOut(opened.turn, policy);
  group.add(opened.outbox);

  for (const id of [1, 2, 3, 4, 5]) group.send(frame(id));
  drain(opened);

  expect(idsIn(opened.transport)).toEqual(kept);
  expect(opened.overflows()).toBe(overflows);
});

test("one group never drops the frames of another", () => {
  const opened = openBlocked();
  const [a, b] = [new FanOut(opened.turn, "drop-oldest"), new FanOut(opened.turn, "drop-oldest")];
  a.add(opened.outbox);
  b.add(opened.outbox);
  a.send(frame(1));
  a.send(frame(2));

  for (const id of [3, 4, 5]) b.send(frame(id));
  drain(opened);

  expect(idsIn(opened.transport)).toEqual([1, 2, 5]);
});

test("a sender that waits goes on when the socket flows, and when the connection ends", async () => {
  const drained = openBlocked();
  const ended = openBlocked();
  const order: string[] = [];
  const waits = [drained.outbox.whenFlowing().then(() => order.push("drained")), ended.outbox.whenFlowing().then(() => order.push("ended"))];

  await Promise.resolve();
  order.push("waiting");
  drain(drained);
  ended.outbox.close();
  await Promise.all(waits);

  expect(order).toEqual(["waiting", "drained", "ended"]);
});

test("a closed outbox takes and writes nothing more", () => {
  const { turn, transport, outbox } = open();
  const group = new FanOut(turn, "drop-oldest");
  group.add(outbox);

  outbox.send(frame(1));
  group.send(frame(2));
  outbox.close();
  outbox.send(frame(3));
  const report = group.send(frame(4));
  group.add(outbox);
  turn.flush();

  expect(transport.writes).toEqual([]);
  expect(group.size).toBe(0);
  expect(report).toEqual({ handed: 0, dropped: 0, gone: 1 });
});

test("a long queue is written in pieces, and only as far as the socket takes it", () => {
  const opened = openBlocked({ ...defaultLimits });
  const [big, small] = [new Uint8Array(40_000), new Uint8Array(20_000)];
  for (const each of [big, small, big, small, small]) opened.outbox.send(each);

  opened.transport.take();
  opened.outbox.drained();
  const first = opened.transport.writes.map((write) => write.length);
  opened.transport.take();
  opened.outbox.drained();
  const then = opened.transport.writes.map((write) => write.length).slice(first.length);

  // The socket is full with the second piece: 120,000 bytes.
  expect(first).toEqual([60_000, 60_000]);
  expect(then).toEqual([20_000]);
  expect(opened.outbox.queuedBytes).toBe(0);
});

test("with frames of any size the order holds, nothing comes twice, the queue stays below its limit, and the reports add up", () => {
  const large: Limits = { ...defaultLimits, queuedBytes: 300_000 };
  const bytes = fc.oneof(fc.integer({ min: 8, max: 200 }), fc.integer({ min: 20_000, max: 90_000 }));
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom("first" as const, "second" as const), bytes }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("own" as const), bytes: fc.integer({ min: 8, max: 200 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("flush" as const, "drain" as const, "stick" as const), bytes: fc.constant(0) }) },
  );
  const policy = fc.constantFrom<SlowPolicy>("drop-oldest", "drop-newest");

  fc.assert(
    fc.property(policy, policy, fc.array(step, { maxLength: 150, size: "max" }), (firstPolicy, secondPolicy, script) => {
      const { turn, transport, outbox, overflows } = open(large);
      const groups = { first: new FanOut(turn, firstPolicy), second: new FanOut(turn, secondPolicy) };
      for (const group of Object.values(groups)) group.add(outbox);
      const sent = { own: 0, first: 0, second: 0 };
      let dropped = 0;
      let mostQueued = 0;
      for (const [id, { kind, bytes: length }] of script.entries()) {
        const padded = Buffer.alloc(length);
        if (length > 0) padded.writeUInt32BE(id, 0);
        if (length > 0) padded.writeUInt32BE(length, 4);
        if (kind === "own" || kind === "first" || kind === "second") sent[kind]++;
        if (kind === "own") outbox.send(padded);
        else if (kind === "first" || kind === "second") dropped += groups[kind].send(padded).dropped;
        else if (kind === "flush") turn.flush();
        else if (kind === "stick") transport.stuck = true;
        else {
          transport.stuck = id % 2 === 0;
          transport.take();
          outbox.drained();
        }
        if (outbox.blocked) mostQueued = Math.max(mostQueued, outbox.queuedBytes);
      }
      turn.flush();
      transport.stuck = false;
      transport.take();
      outbox.drained();
      // An empty frame would change nothing but the reports, which tell what was lost since the last.
      for (const group of Object.values(groups)) dropped += group.send(new Uint8Array(), outbox).dropped;

      const ids: number[] = [];
      const written = Buffer.concat(transport.writes);
      for (let at = 0; at < written.length; at += written.readUInt32BE(at + 4)) ids.push(written.readUInt32BE(at));

      expect(overflows()).toBe(0);
      expect(mostQueued).toBeLessThanOrEqual(large.queuedBytes);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
      expect(ids.filter((id) => script[id]!.kind === "own").length).toBe(sent.own);
      expect(ids.length + dropped).toBe(sent.own + sent.first + sent.second);
    }),
    { numRuns: 300 },
  );
}, 60_000);
