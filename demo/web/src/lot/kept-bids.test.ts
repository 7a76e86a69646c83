import { expect, test } from "vitest";
import { keepBids, olderBids } from "./kept-bids.ts";
import { bidEntry, shownBid } from "./lot.fixture.ts";

const numbers = (bids: readonly { readonly at: number }[]): readonly number[] => bids.map(({ at }) => at);

test("a newer state goes on where the kept bids end, and what it has forgotten stays", () => {
  expect(
    numbers(
      keepBids(
        [3, 2, 1].map((number) => shownBid(number)),
        [5, 4, 3].map((number) => shownBid(number)),
      ),
    ),
  ).toEqual([5, 4, 3, 2, 1]);
});

test("after a hole in between they begin anew: no row stands beside one that it does not follow", () => {
  expect(
    numbers(
      keepBids(
        [3, 2, 1].map((number) => shownBid(number)),
        [9, 8, 7].map((number) => shownBid(number)),
      ),
    ),
  ).toEqual([9, 8, 7]);
});

test("the history's bids begin below the oldest that is shown, without what is no bid", () => {
  const entries = [
    bidEntry(4),
    { kind: "extended", closesAt: 9, reason: "bid", at: 3 } as const,
    bidEntry(3),
    bidEntry(2),
    { kind: "opened", at: 1 } as const,
    bidEntry(1),
  ];

  expect(
    numbers(
      olderBids(
        entries,
        [4, 3].map((number) => shownBid(number)),
      ),
    ),
  ).toEqual([2, 1]);
});

test("a history that does not reach the shown bids gives none", () => {
  expect(olderBids([bidEntry(2), bidEntry(1)], [shownBid(9)])).toEqual([]);
});

test("a retraction at the same moment is another row", () => {
  const { kind: _bid, ...facts } = bidEntry(2);

  expect(numbers(olderBids([bidEntry(3), { kind: "retracted", ...facts }, bidEntry(2)], [shownBid(3)]))).toEqual([2, 2]);
});
