import { expect, test } from "vitest";
import { closesAt, PaperLot, sealed } from "./paper-lot.fixture.ts";

/** Who has the lot at the end, and for how much. */
function soldFor(pays: "first" | "second", bids: readonly (readonly [string, number])[], reserve?: number): unknown {
  const paper = new PaperLot(sealed({ pays }), reserve === undefined ? {} : { reserve });
  for (const [bidder, maximum] of bids) paper.bid(bidder, maximum);
  paper.wakeUntil(Infinity);
  const winner = ["ann", "bob", "cat"].find((name) => (paper.ask("own", name) as { standing: string }).standing === "won");
  return paper.lot.closed?.sold && [winner, paper.lot.closed.sold.price, paper.lot.closed.sold.paddle];
}

test("the highest pays the own bid, or the second highest", () => {
  const bids = [
    ["ann", 30_00],
    ["bob", 50_00],
    ["cat", 40_00],
  ] as const;

  expect(soldFor("first", bids)).toEqual(["bob", 50_00, 1]);
  expect(soldFor("second", bids)).toEqual(["bob", 40_00, 1]);
});

test("the only one pays the opening where the second price counts, or the reserve that is met", () => {
  expect(soldFor("second", [["ann", 30_00]])).toEqual(["ann", 10_00, 1]);
  expect(soldFor("second", [["ann", 30_00]], 25_00)).toEqual(["ann", 25_00, 1]);
  expect(soldFor("first", [["ann", 30_00]], 25_00)).toEqual(["ann", 30_00, 1]);
});

test("the reserve bounds the second price, and is met by a bid equal to it", () => {
  const bids = [
    ["ann", 30_00],
    ["bob", 20_00],
  ] as const;

  expect(soldFor("second", bids, 25_00)).toEqual(["ann", 25_00, 1]);
  expect(soldFor("second", bids, 15_00)).toEqual(["ann", 20_00, 1]);
  expect(soldFor("first", bids, 30_00)).toEqual(["ann", 30_00, 1]);
  expect(soldFor("first", bids, 30_01)).toBe(undefined);
});

test("of equal bids the earlier wins, at that price", () => {
  for (const pays of ["first", "second"] as const) {
    expect(
      soldFor(pays, [
        ["bob", 30_00],
        ["ann", 30_00],
      ]),
    ).toEqual(["bob", 30_00, 1]);
  }
});

test("a later bid takes the place of the bidder's own, higher or lower, and stands behind equal ones", () => {
  expect(
    soldFor("first", [
      ["ann", 50_00],
      ["bob", 30_00],
      ["ann", 20_00],
    ]),
  ).toEqual(["bob", 30_00, 1]);
  expect(
    soldFor("first", [
      ["ann", 30_00],
      ["bob", 30_00],
      ["ann", 30_00],
    ]),
  ).toEqual(["bob", 30_00, 1]);
});

test("before the end nothing is shown, not even that there are bids, and no bidder is told where he stands", () => {
  const paper = new PaperLot(sealed(), { reserve: 20_00 });
  const { lot, shown } = paper;

  const told = ["ann", "bob"].map((name, index) => paper.bid(name, 30_00 + index * 1_00).result);

  expect(told).toEqual([30_00, 31_00].map((maximum) => ({ paddle: 0, maximum, standing: "sealed", price: 0, minimum: 10_00 })));
  expect([paper.lot, paper.shown]).toEqual([lot, shown]);
  expect(paper.ask("own", "bob")).toEqual({ paddle: 0, maximum: 31_00, standing: "sealed" });
});

test("who bids below the opening is told so", () => {
  expect(new PaperLot(sealed()).bid("ann", 9_99)).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 10_00 } });
});

test("at the end only the winner learns that he has won", () => {
  const paper = new PaperLot(sealed());
  paper.bid("ann", 30_00);
  paper.bid("bob", 50_00);

  paper.wakeUntil(closesAt + 200);

  expect(["ann", "bob", "cat"].map((name) => (paper.ask("own", name) as { standing: string }).standing)).toEqual(["lost", "won", "none"]);
});

test("no number of a bidder tells how many came before, neither after a retraction nor after the end", () => {
  const paper = new PaperLot(sealed());
  for (const [index, name] of ["ann", "bob", "cat"].entries()) paper.bid(name, 20_00 + index);

  expect(paper.call("retract", undefined, { userId: "bob" }).result).toMatchObject({ paddle: 0 });
  expect(paper.ask("own", "bob")).toMatchObject({ paddle: 0, standing: "none" });
  paper.wakeUntil(Infinity);
  expect(paper.lot.closed?.sold?.paddle).toBe(1);
  expect(["ann", "bob", "cat"].map((name) => paper.ask("own", name))).toMatchObject([{ paddle: 0 }, { paddle: 0 }, { paddle: 1 }]);
});

test("what the losers bid is told to nobody after the end either", () => {
  const shown = [20_00, 39_00, 38_99].map((sum) => {
    const paper = new PaperLot(sealed({ pays: "first" }));
    paper.bid("ann", sum);
    paper.bid("bob", 40_00);
    paper.wakeUntil(Infinity);
    return JSON.stringify([paper.shown, paper.lot]).replaceAll(/"seal":"[0-9a-f]{64}"/g, "");
  });

  expect(new Set(shown).size).toBe(1);
});

test("an auctioneer can't find out by listing anew whether anybody has bid", () => {
  const [empty, withBid] = [new PaperLot(sealed()), new PaperLot(sealed())];
  withBid.bid("ann", 30_00);

  const told = [empty, withBid].map((paper) => paper.list(sealed(), {}, paper.at));

  expect(told[0]).toEqual(told[1]);
});
