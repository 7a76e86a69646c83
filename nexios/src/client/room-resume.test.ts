import { expect, test } from "vitest";
import { Bench } from "./bench.fixture.ts";
import type { ClientRoom } from "./client-room.ts";
import { entries, entry, joinedBy, positionAfter, room, snapshot, start, sum } from "./sum.fixture.ts";

async function joined(): Promise<{ readonly bench: Bench; readonly joined: ClientRoom<typeof sum> }> {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();
  return { bench, joined: made };
}

test("a room has the snapshot's state, and folds what follows", async () => {
  const bench = new Bench();
  const made = bench.client.join(sum, { id: "1" });
  const before = [made.state, made.position, made.status.kind];

  await bench.run();
  bench.line.say(...entries(3));
  await bench.run();

  expect(before).toEqual([undefined, undefined, "joining"]);
  expect([made.state, made.confirmedState, made.position, made.status.kind]).toEqual([{ sum: 6 }, { sum: 6 }, positionAfter(3), "live"]);
});

test("a room that was cut off says where it stands, and gets what it missed", async () => {
  const { bench, joined: made } = await joined();
  bench.line.say(...entries(2));
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(4), snapshot: undefined }, entry(3), entry(4));

  bench.line.end();
  const cut = [made.status.kind, made.state];
  await bench.run(1_000);

  expect(cut).toEqual(["stale", { sum: 3 }]);
  expect(bench.of("join").map(({ since, version, room: name }) => [since, version, name])).toEqual([
    [undefined, 1, "sum/1"],
    [positionAfter(2), 1, "sum/1"],
  ]);
  expect([made.state, made.position, made.status.kind]).toEqual([{ sum: 10 }, positionAfter(4), "live"]);
});

test("a room is live when it stands at the head that its join was told, and not before", async () => {
  const { bench, joined: made } = await joined();
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(2), snapshot: undefined }, entry(1));
  bench.line.end();
  await bench.run(1_000);
  const before = made.status.kind;

  bench.line.say(entry(2));

  expect([before, made.status.kind]).toEqual(["catching-up", "live"]);
});

test("what a resume brought can be looked at", async () => {
  const { bench, joined: made } = await joined();
  bench.random = 0.5;
  const first = made.lastResume;
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: positionAfter(2), snapshot: undefined }, entry(1));
  bench.line.end();
  await bench.run(1_000);
  const before = made.lastResume;

  bench.scheduler.after(70, () => bench.line.say(entry(2)));
  await bench.run(1_000);

  expect(first).toEqual({ from: undefined, to: start, why: "new", entries: 0, ms: 0 });
  expect(before).toBe(first);
  expect(made.lastResume).toEqual({ from: start, to: positionAfter(2), why: undefined, entries: 2, ms: 820 });
});

test("a gap that is found after the join was answered is what the resume brought", async () => {
  const { bench, joined: made } = await joined();
  bench.answers.join = ({ id }, line) =>
    line.say({ kind: "joined", id, room, head: positionAfter(5), snapshot: undefined }, entry(1), { ...snapshot(4), why: "gap" }, entry(5));

  bench.line.end();
  await bench.run(1_000);

  expect([made.lastResume?.why, made.lastResume?.to, made.state, made.status.kind]).toEqual(["gap", positionAfter(5), { sum: 15 }, "live"]);
});

test("a resume that is cut goes on where it was, as often as it takes", async () => {
  const { bench, joined: made } = await joined();
  const seen: number[] = [];
  made.onEntry(({ count }) => seen.push(count));
  bench.answers.join = ({ id, since }, line) => {
    const next = (since?.count ?? 0) + 1;
    line.say({ kind: "joined", id, room, head: positionAfter(10), snapshot: undefined }, entry(next));
    if (next < 10) line.end();
  };

  bench.line.end();
  await bench.run(120_000);

  expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect([made.status.kind, made.lastResume?.entries]).toEqual(["live", 1]);
});

test("a room whose position is of another past is told so, and begins with the snapshot", async () => {
  const { bench, joined: made } = await joined();
  bench.line.say(...entries(3));
  const other = { epoch: "f", count: 1, check: 1 };
  bench.answers.join = ({ id }, line) =>
    line.say({ kind: "joined", id, room, head: other, snapshot: "epoch" }, { ...snapshot(1), why: "epoch", position: other });

  bench.line.end();
  await bench.run(1_000);

  expect([made.state, made.position, made.status.kind, made.lastResume?.why]).toEqual([{ sum: 1 }, other, "live", "epoch"]);
});

test("who joined before there was a log learns which it is from the first entry", async () => {
  const bench = new Bench();
  const nowhere = { epoch: "", count: 0, check: 0 };
  bench.answers.join = ({ id }, line) => line.say({ kind: "joined", id, room, head: nowhere, snapshot: "new" }, { ...snapshot(0), position: nowhere });
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();

  bench.line.say(...entries(2));

  expect([made.position, made.status.kind, bench.of("join").length]).toEqual([positionAfter(2), "live", 1]);
});

test("a hundred entries in one message are one change", async () => {
  const { bench, joined: made } = await joined();
  let changes = 0;
  const states: unknown[] = [];
  made.onChange(() => changes++);
  made.onEntry(() => states.push(made.state));

  bench.line.say(...entries(100));
  await bench.run();

  expect([changes, states.length, made.state]).toEqual([1, 100, { sum: 5_050 }]);
});

test("the state is the same object until it changes", async () => {
  const { bench, joined: made } = await joined();
  const first = made.state;
  const same = made.state;
  bench.line.say({ kind: "people", room, people: [], count: 3 });
  const stillSame = made.state;

  bench.line.say(entry(1));

  expect([same === first, stillSame === first, made.state === first]).toEqual([true, true, false]);
});

test("an entry is told with its value, count, time and call, after the state has taken it", async () => {
  const { bench, joined: made } = await joined();
  const seen: unknown[] = [];
  made.onEntry((taken) => seen.push(taken, made.state));

  bench.line.say(entry(1, "0195f0a0-0000-7000-8000-000000000001"));

  expect(seen).toEqual([{ value: { by: 1 }, count: 1, at: 5, callId: "0195f0a0-0000-7000-8000-000000000001" }, { sum: 1 }]);
});

test("a reply to a join of a connection that has ended is nothing any more", async () => {
  const bench = new Bench();
  const replies: (() => void)[] = [];
  bench.answers.join = (frame, line) => void replies.push(() => line.say(...joinedBy(frame)));
  const made = bench.client.join(sum, { id: "1" });
  await bench.run();
  bench.line.end();
  await bench.run(1_000);

  replies[0]?.();
  const before = made.status.kind;
  replies[1]?.();

  expect([before, made.status.kind]).toEqual(["joining", "live"]);
});
