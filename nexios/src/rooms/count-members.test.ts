import { afterEach, expect, test } from "vitest";
import { House } from "./house.fixture.ts";

const house = new House();

afterEach(() => house.close());

test("of all members those that are behind are counted apart, until they have caught up", async () => {
  const process = await house.open({ unsentBytes: 500 });
  const [ann, bob] = [house.connect(process, "ann"), house.connect(process, "bob")];
  const room = await house.join(ann, "counter/1");
  await house.join(bob, "counter/1");
  await house.join(bob, "counter/2");
  const counts = [process.countMembers()];

  bob.takes = false;
  for (let by = 1; by <= 20; by++) {
    house.add(ann, room, by);
    await house.settle();
  }
  counts.push(process.countMembers());
  bob.takes = true;
  bob.drain();
  await house.settle();
  counts.push(process.countMembers());
  bob.gateway?.ended();
  counts.push(process.countMembers());

  expect(counts).toEqual([
    { all: 3, behind: 0 },
    { all: 3, behind: 1 },
    { all: 3, behind: 0 },
    { all: 1, behind: 0 },
  ]);
});
