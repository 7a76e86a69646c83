import fc from "fast-check";
import { expect, test } from "vitest";
import { Grants } from "./grants.ts";

test("a withdrawal raises the number of its user, and one of nobody known everybody's", () => {
  const grants = new Grants();
  const before = ["ann", "bob"].map((id) => grants.numberOf(id));

  grants.raise("ann");
  const after = ["ann", "bob"].map((id) => grants.numberOf(id));
  grants.raise(undefined);

  expect([before, after, ["ann", "bob"].map((id) => grants.numberOf(id))]).toEqual([
    [0, 0],
    [1, 0],
    [2, 1],
  ]);
});

test("a user's number never goes back and never stays after a withdrawal, however many users are remembered", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 5 }), { maxLength: 50 }), (withdrawn) => {
      const grants = new Grants();
      for (let other = 0; other < 9_998; other++) grants.raise(`other-${other}`);

      for (const user of withdrawn) {
        const before = grants.numberOf(`user-${user}`);
        grants.raise(`user-${user}`);
        expect(grants.numberOf(`user-${user}`)).toBeGreaterThan(before);
      }
    }),
    { numRuns: 20 },
  );
});
