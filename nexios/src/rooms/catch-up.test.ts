import { afterEach, expect, test, vi } from "vitest";
import { House, serveCounter, type Seat } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  vi.restoreAllMocks();
  await house.close();
  house = new House();
});

function placeAfter(seat: Seat, count: number): { epoch: string; count: number; check: number } {
  const entry = seat.of("entry").find((frame) => frame.count === count);
  return { epoch: seat.of("entry")[0]?.epoch ?? "", count, check: entry?.check ?? 0 };
}

test("a reading that was begun before the newest entry is no proof of another past: it is read again", async () => {
  const [one, other] = [await house.open(), await house.open()];
  const [ann, bob] = [house.connect(other, "ann"), house.connect(one, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  for (let count = 0; count < 3; count++) house.add(ann, room, 1);
  await house.settle();
  // A process that begins only now has nothing in memory, and reads for cat.
  const third = await house.open();
  const [cat, dan] = [house.connect(third, "cat"), house.connect(third, "dan")];
  await house.join(dan, "counter/1");
  const held = Promise.withResolvers<void>();
  const read = house.log.readPublic.bind(house.log);
  const reading = vi.spyOn(house.log, "readPublic").mockImplementationOnce(async (...place) => {
    const entries = await read(...place);
    await held.promise;
    return entries;
  });
  await house.join(cat, "counter/1", placeAfter(ann, 1));

  house.loses = true;
  house.add(ann, room, 1);
  await house.settle();
  await house.clock.advance(1_000);
  await house.settle();
  held.resolve();
  await house.settle();

  expect(reading).toHaveBeenCalled();
  expect([dan.story, cat.story, bob.story.at(-1)]).toEqual([["@3 new", 4], [2, 3, 4], 4]);
});

test("what a room has forgotten for good nobody gets from what was read before, on any process", async () => {
  let first = 1;
  const forgetful = { ...serveCounter(house.guests), keepsAll: true, keepsFrom: () => first };
  const [one, other] = [await house.open({}, [forgetful]), await house.open({}, [forgetful])];
  const [ann, bob] = [house.connect(one, "ann"), house.connect(other, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  for (let count = 0; count < 5; count++) house.add(ann, room, 1);
  await house.settle();
  const place = placeAfter(ann, 2);
  const before = [house.connect(one, "cat"), house.connect(other, "dan")];
  for (const seat of before) await house.join(seat, "counter/1", place);

  first = 5;
  house.add(ann, room, 1);
  await house.settle();
  await house.clock.advance(1_000);
  await house.settle();
  const after = [house.connect(one, "eve"), house.connect(other, "fay")];
  for (const seat of after) await house.join(seat, "counter/1", place);
  await house.settle();

  expect(before.map(({ story }) => story.slice(0, 3))).toEqual(Array.from(before, () => [3, 4, 5]));
  expect(after.map(({ story }) => story)).toEqual(Array.from(after, () => ["@6 gap"]));
});
