import { afterEach, expect, test } from "vitest";
import { House } from "./house.fixture.ts";

let house = new House();

afterEach(async () => {
  await house.close();
  house = new House();
});

test("a member of an empty room gets every entry from the first, on every process", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const [ann, bob] = [house.connect(a, "ann"), house.connect(b, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");

  for (let by = 1; by <= 3; by++) house.add(ann, room, by);
  await house.settle();

  expect([ann.story, bob.story]).toEqual([
    ["@0 new", 1, 2, 3],
    ["@0 new", 1, 2, 3],
  ]);
  expect(ann.of("accepted").map(({ position }) => position.count)).toEqual([1, 2, 3]);
  expect(bob.of("entry")[0]?.epoch).toBe(ann.of("accepted")[0]?.position.epoch);
});

test("a late joiner gets the state before any later entry", async () => {
  const process = await house.open();
  const ann = house.connect(process, "ann");
  const room = await house.join(ann, "counter/1");
  for (let by = 1; by <= 3; by++) house.add(ann, room, by);
  await house.settle();

  const bob = house.connect(process, "bob");
  await house.join(bob, "counter/1");
  house.add(ann, room, 4);
  await house.settle();

  expect(bob.story).toEqual(["@3 new", 4]);
  expect(new TextDecoder().decode(bob.of("snapshot")[0]?.payload.bytes)).toBe('{"sum":6,"adds":3}');
});

test("a member that comes back at its position gets exactly what it missed, from another process too", async () => {
  const [a, b] = [await house.open(), await house.open()];
  const ann = house.connect(a, "ann");
  const bob = house.connect(a, "bob");
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  house.add(ann, room, 1);
  await house.settle();
  const seen = bob.of("entry")[0];
  bob.gateway?.ended();
  for (let by = 2; by <= 600; by++) {
    house.add(ann, room, 1);
    if (by % 50 === 0) await house.settle();
  }
  await house.settle();

  const back = house.connect(b, "bob");
  await house.join(back, "counter/1", { epoch: seen?.epoch ?? "", count: 1, check: seen?.check ?? 0 });
  house.add(ann, room, 1);
  await house.settle();

  expect(back.of("joined")[0]?.snapshot).toBeUndefined();
  expect(back.story).toEqual(Array.from({ length: 600 }, (_, index) => index + 2));
});
