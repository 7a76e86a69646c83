import * as fc from "fast-check";
import { expect, test } from "vitest";
import { auction } from "./contract.ts";
import { largestAmount } from "./money.ts";
import { closesAt, dutch, english, live, opensAt, PaperLot, sealed } from "./paper-lot.fixture.ts";
import { ebaySteps, tradeMeSteps } from "./steps.ts";

const retraction = { allUntilMs: 300_000, newestForMs: 60_000 };
const extension = { windowMs: 60_000, byMs: 61_000, most: 3 };
const listings = {
  english: english({ retraction, extension, buyNow: 5_000_00 }),
  large: english({ steps: tradeMeSteps, opening: largestAmount / 2 }),
  live: live({ retraction, unit: 5 }),
  dutch: dutch({ dropBy: 33, everyMs: 7_001, lowest: 1 }),
  sealed: sealed(),
};

const step = fc.record({
  call: fc.constantFrom("bid", "bid", "bid", "bid", "buyNow", "retract", "ask", "floor", "going", "hammer", "pause", "resume", "extend", "voidHolds", "wake"),
  by: fc.constantFrom("ann", "bob", "cat"),
  sum: fc.oneof(fc.integer({ min: 1, max: 100_00 }), fc.double(), fc.constantFrom(5_000_00, largestAmount, largestAmount - 1, 0.1 + 0.2)),
  above: fc.boolean(),
  afterMs: fc.integer({ min: 0, max: 120_000 }),
});

/** Numbers inside of a value that are not whole, or not safe. */
function fractions(value: unknown, path = ""): readonly string[] {
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0) ? [] : [`${path}: ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => fractions(item, `${path}.${key}`));
}

test.each(Object.entries(listings))(
  "whatever is called on a lot (%s), all numbers in its book, its log and what is shown are whole, and the server sees what members see",
  (kind, terms) => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, hasReserve) => {
        const paper = new PaperLot(terms, hasReserve && kind !== "dutch" ? { reserve: terms.opening + 5 } : {});
        let at = opensAt;
        for (const { call, by, sum, above, afterMs } of steps) {
          at += afterMs;
          const amount = above && Number.isInteger(sum) ? paper.lot.minimum + (sum % 500) * 5 : sum;
          const inputs: Record<string, unknown> = {
            bid: { maximum: amount, currency: "EUR" },
            buyNow: { price: amount, currency: "EUR" },
            ask: { amount },
            floor: { amount },
            going: { stage: above ? "once" : "twice" },
            hammer: { bids: paper.lot.bids },
            extend: { closesAt: (paper.lot.closesAt ?? closesAt) + afterMs },
            voidHolds: { userId: by, upTo: afterMs },
          };
          const userId = call === "extend" || call === "voidHolds" ? "nexios" : by;
          const told = call === "wake" ? paper.wake(at) : paper.call(call, inputs[call], { userId, at, held: { kind: "held", number: 1 + afterMs } });
          if (told.kind === "accepted") reached.add(call);
          expect(fractions(told)).toEqual([]);
        }
        paper.wakeUntil(at + 10_000_000);

        expect(fractions([paper.book, paper.entries, paper.shown, ["ann", "bob", "cat"].map((name) => paper.ask("own", name))])).toEqual([]);
        expect(paper.shown.reduce((lot, entry) => auction.evolve(lot, entry), auction.initial())).toEqual(paper.lot);
        expect(JSON.parse(JSON.stringify(paper.book))).toEqual(paper.book);
      }),
      { numRuns: 150, seed: 7 },
    );

    expect(reached).toContain("bid");
    expect(reached.size).toBeGreaterThan(3);
  },
);

test("a fraction would be found wherever it were", () => {
  expect(fractions({ lot: { newest: [{ price: 1.5 }], steps: ebaySteps } })).toEqual([".lot.newest.0.price: 1.5"]);
  expect(fractions([NaN, 2 ** 53, -0])).toHaveLength(3);
});
