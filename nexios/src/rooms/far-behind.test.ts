import { afterEach, expect, test } from "vitest";
import type { Position } from "../protocol/position.ts";
import { House, type Seat, serveCounter } from "./house.fixture.ts";
import type { RoomLimits } from "./limits.ts";
import type { Rooms } from "./rooms.ts";

// A room whose members get at most ten entries one by one.

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

function open(limits: Partial<RoomLimits> = {}): Promise<Rooms> {
  return house.open(limits, [serveCounter(house.guests, { resumeEntries: 10 })]);
}

async function addMany(seat: Seat, room: number, entries: number): Promise<void> {
  for (let index = 0; index < entries; index++) {
    house.add(seat, room, 1);
    await house.settle();
  }
}

function placeAt(seat: Seat, count: number): Position {
  const entry = seat.of("entry").find((frame) => frame.count === count);
  return { epoch: seat.of("entry")[0]?.epoch ?? "", count, check: entry?.check ?? 0 };
}

test("who comes back further behind than the room gives entries for gets the state, and the reason; who is as far gets the entries", async () => {
  const process = await open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 30);
  const [near, far] = [house.connect(process, "bob"), house.connect(process, "eve")];

  await house.join(near, "counter/1", placeAt(ann, 20));
  await house.join(far, "counter/1", placeAt(ann, 19));

  expect(near.story).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  expect(far.story).toEqual(["@30 far"]);
  expect(far.of("joined").map(({ snapshot }) => snapshot)).toEqual(["far"]);
});

test("a slow member that has fallen further behind gets the state in place of all that it missed, and goes on from there", async () => {
  const process = await open({ unsentBytes: 500 });
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  bob.takes = false;
  await addMany(ann, room, 40);
  const given = bob.story.length;

  bob.takes = true;
  bob.drain();
  await house.settle();
  await addMany(ann, room, 1);

  expect(bob.story.slice(given)).toEqual(["@40 far", 41]);
});

test("a snapshot that was made for somebody earlier is given to nobody whom it would leave too far behind", async () => {
  const process = await open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  await addMany(ann, room, 5);
  await house.join(house.connect(process, "bob"), "counter/1");
  await addMany(ann, room, 25);
  const late = house.connect(process, "eve");

  await house.join(late, "counter/1");

  const [snapshot, ...entries] = late.story;
  expect(snapshot).toMatch(/^@(2\d|30) new$/);
  expect(entries).toEqual(Array.from({ length: entries.length }, (_, index) => 31 - entries.length + index));
});

test("no more of the past is kept than members are given", async () => {
  const process = await open({ history: { checkpointEvery: 20, keepEntries: 1_000, readEntries: 100 } });
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");

  await addMany(ann, room, 101);

  expect((await house.log.head("counter/1"))?.firstPosition).toBe(91);
});
