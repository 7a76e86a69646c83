import { expect, test } from "vitest";
import type { RecordedAuction } from "./bids-records.ts";
import { hideMaximum, holds, judgeBids } from "./bids-verdict.ts";

type Bids = readonly (readonly [bidder: string, maximum: number])[];

function auctionOf(finalPrice: number, bids: Bids, opening = 100): RecordedAuction {
  return {
    id: "a",
    item: "Cup",
    durationMs: 86_400_000,
    opening,
    finalPrice,
    bids: bids.map(([bidder, maximum], index) => ({ afterMs: index * 1_000, bidder, maximum })),
  };
}

const masked: Bids = [
  ["x", 500],
  ["y", 1_050],
  ["y", 1_050],
  ["x", 1_000],
];

test.for([
  ["fullStep", auctionOf(1_050, masked)],
  [
    "winnersMaximum",
    auctionOf(1_020, [
      ["x", 1_000],
      ["y", 1_020],
    ]),
  ],
  [
    "tie",
    auctionOf(1_000, [
      ["x", 1_000],
      ["y", 1_000],
    ]),
  ],
  ["opening", auctionOf(100, [["x", 900]])],
] as const)("a price that ends as recorded is explained by %s", ([kind, auction]) => {
  const summary = judgeBids([{ auction, seen: auction.finalPrice }]);

  expect(summary).toMatchObject({ auctions: 1, seen: 1, explained: { [kind]: 1 }, unexplained: [] });
  expect(Object.values(summary.explained).reduce((sum, count) => sum + count)).toBe(1);
  expect(holds(summary)).toBe(true);
});

test("a price that the winner's last bid alone gives tells of a reserve, or of a bid that is gone", () => {
  const auction = auctionOf(1_400, [
    ["x", 500],
    ["y", 600],
    ["y", 1_400],
  ]);

  const summary = judgeBids([{ auction, seen: 550 }]);

  expect(summary.unexplained).toEqual([{ auction: "a", recorded: "14.00", ours: "5.50", reason: "RESERVE_OR_REMOVED" }]);
  expect(holds(summary)).toBe(true);
});

test.for([
  ["above the record", 1_450],
  ["below it, where the record has not the winner's last bid", 550],
] as const)("a price %s has no reason that is known", ([, ours]) => {
  const auction = auctionOf(1_399, [
    ["x", 500],
    ["y", 1_400],
  ]);

  const summary = judgeBids([{ auction, seen: ours }]);

  expect(summary.unexplained).toMatchObject([{ reason: "OTHER" }]);
  expect(holds(summary)).toBe(false);
});

test("to hide a maximum, the first of the winner's top bids is ten times as high, and no other", () => {
  const hidden = hideMaximum(auctionOf(1_050, masked));

  expect(hidden?.bids.map(({ maximum }) => maximum)).toEqual([500, 10_500, 1_050, 1_000]);
});

test("who bids alone hides behind the opening", () => {
  expect(hideMaximum(auctionOf(100, [["x", 900]]))?.bids[0]?.maximum).toBe(9_000);
});

test.for([
  [
    "less than a step over the others",
    1_020,
    [
      ["x", 1_000],
      ["y", 1_020],
    ],
  ],
  [
    "a tie",
    1_000,
    [
      ["x", 1_000],
      ["y", 1_000],
    ],
  ],
  ["more than the opening, alone", 150, [["x", 150]]],
] as const)("nothing can be hidden where the recorded price is %s", ([, price, bids]) => {
  expect(hideMaximum(auctionOf(price, bids))).toBeUndefined();
});

test("one hidden auction that ends at another price is enough to fail", () => {
  const auction = auctionOf(1_050, masked);

  const summary = judgeBids([
    { auction, seen: 1_050, hidden: 1_050 },
    { auction, seen: 1_050, hidden: 10_500 },
  ]);

  expect(summary).toMatchObject({ seen: 2, hidden: 1, hiddenOf: 2 });
  expect(holds(summary)).toBe(false);
});
