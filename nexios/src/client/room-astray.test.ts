import { expect, test } from "vitest";
import type { ServerFrame } from "../protocol/frame.ts";
import { Bench } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { entries, entry, joinedBy, positionAfter, room, snapshot, sum } from "./sum.fixture.ts";

interface Astray {
  readonly bench: Bench;
  readonly joined: ClientRoom<typeof sum>;
  readonly seen: readonly number[];
  /** Answers the next joins. */
  readonly reply: () => void;
}

/** A room that stands at 2, whose next joins are answered when a test says so. */
async function open(): Promise<Astray> {
  const bench = new Bench();
  const joined = bench.client.join(sum, { id: "1" });
  const seen: number[] = [];
  const replies: (() => void)[] = [];
  joined.onEntry(({ count }) => seen.push(count));
  await bench.run();
  bench.line.say(...entries(2));
  bench.answers.join = (frame, line) => void replies.push(() => line.say(...joinedBy(frame)));
  return { bench, joined, seen, reply: () => replies.splice(0).forEach((reply) => reply()) };
}

const { epoch: _, ...withoutEpoch } = entry(3);
const astray: readonly (readonly [string, ServerFrame])[] = [
  ["a hole", entry(4)],
  ["a repetition", entry(2)],
  ["an entry of another log", { ...withoutEpoch, epoch: "f" }],
  ["a part of a snapshot that is not the next", snapshot(3, { part: 1, parts: 3 })],
];

for (const [what, frame] of astray) {
  test(`${what} is not taken: the room asks where it stands, over the same connection`, async () => {
    const { bench, joined, seen, reply } = await open();

    bench.line.say(frame);
    await bench.run();
    reply();
    bench.line.say(entry(3));
    await bench.run();

    expect(bench.of("join").map(({ since }) => since)).toEqual([undefined, positionAfter(2)]);
    expect([joined.state, joined.status.kind, seen, bench.lines.length]).toEqual([{ sum: 6 }, "live", [1, 2, 3], 1]);
  });
}

test("until a join is answered, the frames of its room are dropped", async () => {
  const { bench, joined, seen, reply } = await open();

  bench.line.say(entry(4), entry(3), entry(4));
  await bench.run();
  bench.line.say(entry(3), { kind: "signal", room, name: "wave", userId: "bob", payload: new TextEncoder().encode("{}") });
  const before = [joined.state, bench.of("join").length];
  reply();
  bench.line.say(entry(3), entry(4));

  expect([before, joined.state, seen]).toEqual([[{ sum: 3 }, 2], { sum: 10 }, [1, 2, 3, 4]]);
});

test("an entry that comes between the parts of a snapshot is not taken", async () => {
  const { bench, joined, reply } = await open();

  bench.line.say(snapshot(5, { part: 0, parts: 2 }), entry(3));
  await bench.run();
  reply();

  expect([bench.of("join").length, joined.position]).toEqual([2, positionAfter(2)]);
});

test("an entry before the snapshot that a join has announced is not taken", async () => {
  const { bench, joined } = await open();
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(5), snapshot: "gap" }, entry(3));

  bench.line.end();
  await bench.run(300);

  expect([joined.position, joined.status.kind === "live"]).toEqual([positionAfter(2), false]);
});

test("a room that stays astray asks less and less often", async () => {
  const { bench } = await open();
  bench.answers.join = (frame, line) => line.say(...joinedBy(frame), entry(9));

  bench.line.say(entry(9));
  await bench.run(20_000);

  expect(bench.of("join").length).toBeGreaterThan(4);
  expect(bench.of("join").length).toBeLessThan(20);
});

test("a room that went on for a while asks at once when it goes astray again", async () => {
  const { bench, reply } = await open();
  bench.line.say(entry(9));
  await bench.run();
  reply();
  bench.line.say(entry(3));
  await bench.run(10_000);

  bench.line.say(entry(9));
  await bench.run();

  expect(bench.of("join").length).toBe(3);
});

test("calls that were under way when the room went astray are sent again under their ids, and what was asked for before is cancelled", async () => {
  const { bench, joined, reply } = await open();
  const call = joined.call("add", { by: 3 });
  await bench.run(100);

  bench.line.say(entry(9));
  await bench.run(100);
  reply();
  await bench.run(100);

  const [first, again] = bench.of("call");
  expect([again?.callId === first?.callId, first?.isRepeat, again?.isRepeat, again?.id === first?.id]).toEqual([true, false, true, false]);
  expect(bench.of("cancel").map(({ id }) => id)).toEqual([first?.id]);
  bench.line.say({ kind: "failed", id: first?.id ?? 0, code: "CANCELLED", message: "", path: undefined, retryAfterMs: undefined });
  bench.line.say({ kind: "accepted", id: again?.id ?? 0, position: positionAfter(2), result: undefined });
  expect((await call).kind).toBe("accepted");
});
