import { expect, test } from "vitest";
import { EditArrivals } from "./edit-arrivals.ts";

const [ann, bob] = [1, 2];
const edit = (number: number): Uint8Array => Uint8Array.of(number);

/** Takes into a list. */
function takeInto(arrivals: EditArrivals, taken: number[]): (client: number, count: number) => Promise<void> {
  return (client, count) => arrivals.take(client, count, ([number = 0]) => void taken.push(number));
}

test("what has come is handed over in its order, once, and no more of it than was asked for", async () => {
  const [arrivals, taken] = [new EditArrivals(), [] as number[]];
  const take = takeInto(arrivals, taken);
  for (const number of [1, 2, 3]) arrivals.add(ann, edit(number));

  await take(ann, 1);
  await take(ann, 2);
  await take(ann, 2);
  await take(ann, 0);

  expect(taken).toEqual([1, 2]);
});

test("what has not come is waited for, and each edit is handed over as it comes", async () => {
  const [arrivals, taken] = [new EditArrivals(), [] as number[]];
  const taking = takeInto(arrivals, taken)(ann, 2);

  arrivals.add(bob, edit(7));
  arrivals.add(ann, edit(1));
  await Promise.resolve();
  await Promise.resolve();
  const before = [...taken];
  arrivals.add(ann, edit(2));
  await taking;

  expect([before, taken]).toEqual([[1], [1, 2]]);
});

test("two who wait at once are both woken", async () => {
  const [arrivals, taken] = [new EditArrivals(), [] as number[]];
  const take = takeInto(arrivals, taken);
  const both = Promise.all([take(ann, 1), take(bob, 1)]);

  arrivals.add(ann, edit(1));
  arrivals.add(bob, edit(2));
  await both;

  expect(taken).toEqual([1, 2]);
});
