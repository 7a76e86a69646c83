import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodeJson } from "../contract/json.ts";
import { defineRoom } from "../contract/define-room.ts";
import { type } from "../contract/type.ts";
import type { ServerFrame } from "../protocol/frame.ts";
import { Bench, uncaughtOf } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { entries, entry, positionAfter, room, snapshot, sum } from "./sum.fixture.ts";

interface Inflating {
  readonly bench: Bench;
  readonly joined: ClientRoom<typeof sum>;
  readonly seen: readonly number[];
  /** What is being inflated, in the order in which it came. */
  readonly inflating: readonly PromiseWithResolvers<Uint8Array>[];
}

/** A room whose join was answered with a snapshot that is to be inflated, and then with `frames`. */
async function open(...frames: readonly ServerFrame[]): Promise<Inflating> {
  const inflating: PromiseWithResolvers<Uint8Array>[] = [];
  const bench = new Bench({
    world: {
      inflate() {
        const one = Promise.withResolvers<Uint8Array>();
        inflating.push(one);
        return one.promise;
      },
    },
  });
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(2), snapshot: "new" }, deflated(2), ...frames);
  const joined = bench.client.join(sum, { id: "1" });
  const seen: number[] = [];
  joined.onEntry(({ count }) => seen.push(count));
  await bench.run();
  return { bench, joined, seen, inflating };
}

function stateAfter(count: number): Uint8Array {
  return encodeJson({ sum: (count * (count + 1)) / 2 });
}

function deflated(count: number): ServerFrame {
  const bytes = stateAfter(count);
  return { ...snapshot(count), inflatedBytes: bytes.length, payload: { format: "bytes", bytes: deflateRawSync(bytes) } };
}

test("a snapshot in parts counts when its last part is there", async () => {
  const bench = new Bench();
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(3), snapshot: "new" });
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say(snapshot(3, { part: 0, parts: 3 }));
  bench.line.say(snapshot(3, { part: 1, parts: 3 }));
  const before = [joined.state, joined.status.kind];
  bench.line.say(snapshot(3, { part: 2, parts: 3 }), entry(4));

  expect(before).toEqual([undefined, "catching-up"]);
  expect([joined.state, joined.position, joined.status.kind]).toEqual([{ sum: 10 }, positionAfter(4), "live"]);
});

test("a snapshot that begins anew takes the place of one that is not whole", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say(snapshot(3, { part: 0, parts: 3 }), snapshot(5, { part: 0, parts: 2 }), snapshot(5, { part: 1, parts: 2 }));

  expect([joined.state, joined.position]).toEqual([{ sum: 15 }, positionAfter(5)]);
});

test("a snapshot that nobody asked for is taken too", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say(entry(1), { ...snapshot(8), why: "gap" }, entry(9));

  expect([joined.state, joined.position, joined.status.kind]).toEqual([{ sum: 45 }, positionAfter(9), "live"]);
});

test("entries behind a snapshot that is being inflated wait for it, in order, and so does who is here", async () => {
  const { bench, joined, seen, inflating } = await open(entry(3), entry(4));
  bench.line.say({ kind: "people", room, people: undefined, count: 3 }, entry(5));
  const before = [joined.state, joined.peopleCount, seen.length];

  inflating[0]?.resolve(stateAfter(2));
  await bench.run();

  expect(before).toEqual([undefined, 0, 0]);
  expect([joined.state, joined.position, joined.peopleCount, seen, joined.status.kind]).toEqual([{ sum: 15 }, positionAfter(5), 3, [3, 4, 5], "live"]);
});

test("a second snapshot that is to be inflated waits for the first, and what is behind it for both", async () => {
  const { bench, joined, seen, inflating } = await open(entry(3), deflated(6), entry(7), entry(8));

  inflating[0]?.resolve(stateAfter(2));
  await bench.run();
  const before = [joined.state, inflating.length, [...seen]];
  inflating[1]?.resolve(stateAfter(6));
  await bench.run();

  expect(before).toEqual([{ sum: 6 }, 2, [3]]);
  expect([joined.state, seen, bench.of("join").length]).toEqual([{ sum: 36 }, [3, 7, 8], 1]);
});

test("an entry that does not follow, behind a snapshot that is being inflated, asks once where the room stands", async () => {
  const { bench, joined, seen, inflating } = await open(entry(3), entry(5), entry(6), entry(7));
  bench.answers.join = () => {};

  inflating[0]?.resolve(stateAfter(2));
  await bench.run(100);

  expect([joined.position, seen, bench.of("join").length]).toEqual([positionAfter(3), [3], 2]);
});

test("a snapshot that is inflated when its connection has gone is nothing any more", async () => {
  const { bench, joined, inflating } = await open(entry(3));
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(4), snapshot: "new" }, snapshot(4));

  bench.line.end();
  await bench.run(1_000);
  inflating[0]?.resolve(stateAfter(2));
  await bench.run();

  expect([joined.state, joined.position, joined.status.kind]).toEqual([{ sum: 10 }, positionAfter(4), "live"]);
});

test("a snapshot that can't be inflated is heard of, and asked for again, less and less often", async () => {
  const { bench, joined, inflating } = await open();

  const uncaught = await uncaughtOf(async () => {
    for (let at = 0; at < 20_000; at += 50) bench.scheduler.after(at, () => inflating.at(-1)?.reject(new RangeError("No deflate here")));
    await bench.run(20_000);
  });

  expect([joined.state, joined.status.kind === "live", uncaught[0]]).toEqual([undefined, false, new RangeError("No deflate here")]);
  expect(bench.of("join").length).toBeGreaterThan(4);
  expect(bench.of("join").length).toBeLessThan(20);
});

test("a state that is larger than the client takes is not inflated, and that is heard of", async () => {
  const bench = new Bench({ limits: { stateBytes: 10 }, world: { inflate: () => Promise.resolve(stateAfter(2)) } });
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(2), snapshot: "new" }, { ...snapshot(2), inflatedBytes: 11 });
  const joined = bench.client.join(sum, { id: "1" });

  const uncaught = await uncaughtOf(() => bench.run(1_000));

  expect([joined.state, uncaught[0]]).toEqual([undefined, expect.any(RangeError)]);
});

test("an inflated state that the contract can't read is heard of, and asked for again", async () => {
  const { bench, joined, inflating } = await open(entry(3));
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(4), snapshot: "new" }, snapshot(4));

  const uncaught = await uncaughtOf(async () => {
    inflating[0]?.resolve(new TextEncoder().encode('{"sum'));
    await bench.run(2_000);
  });

  expect(uncaught).toEqual([expect.objectContaining({ code: "UNREADABLE" })]);
  expect([joined.state, joined.status.kind, bench.of("join").length]).toEqual([{ sum: 10 }, "live", 2]);
});

test("entries and states that are bytes come to the contract as bytes", async () => {
  const codec = { encode: (value: number) => new Uint8Array([value]), decode: (bytes: Uint8Array) => bytes[0] ?? 0 };
  const byte = defineRoom("sum/{id}", {
    log: "durable",
    entry: type<number>(),
    state: type<number>(),
    codec: { entry: codec, state: codec },
  }).fold(0, (state, by) => state + by);
  const bench = new Bench();
  const payload = { format: "bytes", bytes: new Uint8Array([40]) } as const;
  bench.answers.join = ({ id }, line) =>
    line.say(
      { kind: "joined", id, room, head: positionAfter(2), snapshot: "new" },
      { ...snapshot(2), payload },
      { ...entry(3), payload: { ...payload, bytes: new Uint8Array([2]) } },
    );

  const joined = bench.client.join(byte, { id: "1" });
  await bench.run();

  expect([joined.state, joined.position?.count]).toEqual([42, 3]);
});

test("a long past arrives in one piece", async () => {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say(...entries(2_000));

  expect([joined.state, joined.position]).toEqual([{ sum: 2_001_000 }, positionAfter(2_000)]);
});
