import { expect, test } from "vitest";
import { dutchPriceAt } from "./dutch.ts";
import { closesAt, dutch, opensAt, PaperLot } from "./paper-lot.fixture.ts";

const terms = dutch();

test("the price falls at each whole span, not a millisecond before, down to the lowest and no further", () => {
  const prices = [-5_000, 0, 9_999, 10_000, 19_999, 20_000, 159_999, 160_000, 170_000, 900_000].map((after) => dutchPriceAt(terms, opensAt + after));

  expect(prices).toEqual([10_00, 10_00, 10_00, 9_50, 9_50, 9_00, 2_50, 2_00, 2_00, 2_00]);
});

test("a last drop that would go below the lowest price ends at it", () => {
  expect(dutchPriceAt(dutch({ opening: 10_00, dropBy: 3_00, lowest: 2_00 }), opensAt + 30_000)).toBe(2_00);
});

test("a price stays whole, however many drops there have been", () => {
  const long = dutch({ opening: 1_000_000_000_000_000, dropBy: 1_000_000_000_000, everyMs: 1, lowest: 1 });

  expect(dutchPriceAt(long, opensAt + 500)).toBe(500_000_000_000_000);
  expect(dutchPriceAt(long, opensAt + 1e12)).toBe(1);
});

test("the first bid takes the lot at the price of its arrival, in one decision", () => {
  const paper = new PaperLot(terms);

  const told = paper.bid("ann", 9_50, { at: opensAt + 25_000 });

  expect(told.result).toEqual({ paddle: 1, maximum: 9_50, standing: "won", price: 9_00, minimum: 9_00 });
  expect(told.entries).toHaveLength(2);
  expect(paper.lot).toMatchObject({ price: 9_00, leader: 1, closed: { ending: "taken", sold: { paddle: 1, price: 9_00 }, at: opensAt + 25_000 } });
  expect(paper.bid("bob", 10_00, { at: opensAt + 25_000 })).toMatchObject({ code: "CLOSED" });
});

test("nobody pays more than the price that he has seen", () => {
  const paper = new PaperLot(terms);

  expect(paper.bid("ann", 9_49, { at: opensAt + 19_999 })).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 9_50, currency: "EUR" } });
  for (let after = 0; after < 200_000; after += 3_333) {
    const one = new PaperLot(terms);
    const seen = dutchPriceAt(terms, opensAt + after);

    const told = one.bid("ann", seen, { at: opensAt + after + 700 });

    expect(told.result?.price).toBeLessThanOrEqual(seen);
    expect(told.result?.price).toBe(dutchPriceAt(terms, opensAt + after + 700));
  }
});

test("a lot that nobody has taken ends with nobody having it", () => {
  const paper = new PaperLot(terms);

  paper.wakeUntil(Infinity);

  expect(paper.lot.closed).toMatchObject({ ending: "time", at: closesAt + 200 });
  expect(paper.lot.closed).not.toHaveProperty("sold");
});
