import { afterEach, expect, test, vi } from "vitest";
import { jsonEncoding } from "../protocol/json-encoding.ts";
import type { Position } from "../protocol/position.ts";
import { defaultHistoryRules } from "./history-rules.ts";
import { counter, House, type Seat } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
  house = new House();
});

function placeAfter(seat: Seat, count: number): Position {
  const entry = seat.of("entry").find((frame) => frame.count === count);
  return { epoch: seat.of("entry")[0]?.epoch ?? "", count, check: entry?.check ?? 0 };
}

/** Adds one at a time, a few in each turn. */
async function addMany(seat: Seat, room: number, entries: number): Promise<void> {
  for (let index = 1; index <= entries; index++) {
    house.add(seat, room, 1);
    if (index % 50 === 0) await house.settle();
  }
  await house.settle();
}

test("a position of another past, and one beyond the head, get a snapshot and the reason", async () => {
  const process = await house.open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 3);
  const { epoch, check } = placeAfter(ann, 2);
  const stories = [];

  for (const since of [
    { epoch, count: 2, check: check ^ 1 },
    { epoch: "another", count: 2, check },
    { epoch, count: 9, check },
  ]) {
    const seat = house.connect(process, "bob");
    await house.join(seat, "counter/1", since);
    stories.push(seat.story);
  }

  expect(stories).toEqual([["@3 epoch"], ["@3 epoch"], ["@3 epoch"]]);
});

test("who missed what is no longer kept is told so, and never gets a part of it", async () => {
  const process = await house.open({ history: { ...defaultHistoryRules, checkpointEvery: 10, keepEntries: 5 } });
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 200);
  const bob = house.connect(await house.open(), "bob");

  await house.join(bob, "counter/1", placeAfter(ann, 3));
  await addMany(ann, room, 1);

  expect(bob.story).toEqual(["@200 gap", 201]);
});

test("a slow member is not written to, holds up nobody, and reads on exactly", async () => {
  const process = await house.open({ unsentBytes: 2_000 });
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  bob.takes = false;

  await addMany(ann, room, 700);
  const held = bob.unsentBytes;
  bob.takes = true;
  bob.drain();
  await house.settle();
  await addMany(ann, room, 1);

  expect(held).toBeLessThan(2_000 + 2 * 2_000);
  expect(ann.story).toEqual(["@0 new", ...Array.from({ length: 701 }, (_, index) => index + 1)]);
  expect(bob.story).toEqual(ann.story);
});

test("an entry's frame is encoded once, whatever the number of members, and a block is read once, whatever the number of readers", async () => {
  const writing = await house.open();
  const ann = house.connect(writing, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 600);
  const since = placeAfter(ann, 10);
  const process = await house.open();
  const encode = vi.spyOn(jsonEncoding, "encode");
  const read = vi.spyOn(house.log, "readPublic");

  const seats = Array.from({ length: 50 }, (_, index) => house.connect(process, `user-${index}`));
  await Promise.all(seats.map((seat) => house.join(seat, "counter/1", since)));
  await house.settle();

  const entries = encode.mock.calls.filter(([frame]) => frame.kind === "entry").length;
  expect(seats.map(({ story }) => story.length)).toEqual(seats.map(() => 590));
  expect([entries, read.mock.calls.length]).toEqual([590, 3]);
});

test("an entry's payload is encoded once in its life, whatever the number of members, processes and readers", async () => {
  const encodeEntry = vi.spyOn(counter, "encodeEntry");
  const [a, b] = [await house.open(), await house.open()];
  const ann = house.connect(a, "ann");
  const room = await house.join(ann, "counter/1");
  for (let user = 0; user < 10; user++) await house.join(house.connect(user % 2 === 0 ? a : b, `user-${user}`), "counter/1");

  await addMany(ann, room, 20);
  const late = house.connect(await house.open(), "late");
  await house.join(late, "counter/1", placeAfter(ann, 1));
  await house.settle();

  expect(late.story).toEqual(Array.from({ length: 19 }, (_, index) => index + 2));
  expect(encodeEntry).toHaveBeenCalledTimes(20);
});

test("a message that the broker lost is missed for one look, and a later one only until the hole is read", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, bob] = [house.connect(a, "ann"), house.connect(b, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  house.loses = true;
  await addMany(ann, room, 2);
  const lost = [...bob.story];

  await house.clock.advance(1_000);
  await house.settle();
  const healed = [...bob.story];
  await addMany(ann, room, 1);
  house.loses = false;
  await addMany(ann, room, 1);
  const hole = [...bob.story];
  await house.clock.advance(20);
  await house.settle();

  expect([lost, healed, hole, bob.story]).toEqual([["@0 new"], ["@0 new", 1, 2], ["@0 new", 1, 2], ["@0 new", 1, 2, 3, 4]]);
});

test("a large snapshot travels in parts, as its reader takes them, and one is made for all joiners", async () => {
  const process = await house.open({ snapshotPartBytes: 5, unsentBytes: 1 });
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 3);
  const bob = house.connect(process, "bob");
  bob.takes = false;
  await house.join(bob, "counter/1");
  const first = bob.of("snapshot").length;

  for (let round = 0; round < 6; round++) {
    bob.drain();
    await house.settle();
  }
  const parts = bob.of("snapshot").map(({ payload }) => new TextDecoder().decode(payload.bytes));

  expect([first, parts.join("")]).toEqual([0, '{"sum":3,"adds":3}']);
});

test("pages of history go backwards, and join without a hole", async () => {
  const process = await house.open({ pageEntries: 4 });
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 10);

  for (const before of [11, 7, 3]) ann.ask({ kind: "history", id: ann.nextId(), room, before, limit: 100 });
  await house.settle();

  expect(ann.of("history").map(({ entries, isEnd }) => [entries.map(({ count }) => count), isEnd])).toEqual([
    [[10, 9, 8, 7], false],
    [[6, 5, 4, 3], false],
    [[2, 1], true],
  ]);
});
