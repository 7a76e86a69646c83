import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { createRandom } from "./random.ts";

test("the wait is anything up to a bound that doubles, and ends", () => {
  const random = createRandom(1);
  const longest = (failures: number): number => Math.max(...Array.from({ length: 500 }, () => backoffMs(failures, random)));

  const waits = [0, 1, 2, 3, 40].map(longest);

  expect(waits.map((wait) => Math.round(wait / 500))).toEqual([1, 2, 4, 8, 8]);
});
