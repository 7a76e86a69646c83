import { expect, test } from "vitest";
import { compareAuctions } from "./closed-form.fixture.ts";
import { english, PaperLot } from "./paper-lot.fixture.ts";

const retraction = { allUntilMs: 100_000, newestForMs: 60_000 };

test("bid by bid the price is the closed form's, in 20,000 random auctions with ties, own raises, short overbids, reserves and retractions", () => {
  const { auctions, refused, ties, ownRaises, shortOverbids, retractions, reservesMet } = compareAuctions(1, 20_000);

  expect(auctions).toBe(20_000);
  expect(Math.min(refused, ties, ownRaises, shortOverbids, retractions, reservesMet)).toBeGreaterThan(2_000);
});

test("the only bidder pays the opening, however much he would pay", () => {
  const paper = new PaperLot(english());

  const told = paper.bid("ann", 900_00);

  expect(told.result).toEqual({ paddle: 1, maximum: 900_00, standing: "leading", price: 10_00, minimum: 10_50 });
  expect(paper.lot).toMatchObject({ price: 10_00, leader: 1, minimum: 10_50, bids: 1 });
});

test("the price is a step above the second highest, by the step at that price", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 90_00);

  const told = paper.bid("bob", 24_99);

  expect(told.result).toEqual({ paddle: 2, maximum: 24_99, standing: "outbid", price: 25_49, minimum: 26_49 });
  expect(paper.lot).toMatchObject({ price: 25_49, leader: 1, minimum: 26_49 });
});

test("who bids less than a step above the leader's maximum leads, at no more than his own", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);

  const told = paper.bid("bob", 50_40);

  expect(told.result).toMatchObject({ standing: "leading", price: 50_40 });
});

test("a leader by less than a step who raises pays the whole step", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);
  paper.bid("bob", 50_40);

  const told = paper.bid("bob", 60_00);

  expect(told.result).toEqual({ paddle: 2, maximum: 60_00, standing: "leading", price: 51_00, minimum: 52_00 });
  expect(paper.shown.at(-1)).toMatchObject({ kind: "bid", paddle: 2, price: 51_00 });
});

test("a leader by a whole step who raises changes nothing that is seen", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);
  paper.bid("bob", 51_00);
  const { lot, shown } = paper;

  const told = paper.bid("bob", 90_00);

  expect(told.result).toEqual({ paddle: 2, maximum: 90_00, standing: "leading", price: 51_00, minimum: 52_00 });
  expect([paper.lot, paper.shown]).toEqual([lot, shown]);
  expect(paper.ask("own", "bob")).toEqual({ paddle: 2, maximum: 90_00, standing: "leading" });
});

test("of equal maxima the earlier leads, at that price", () => {
  for (const [first, second] of [
    ["ann", "bob"],
    ["bob", "ann"],
  ] as const) {
    const paper = new PaperLot(english());
    paper.bid(first, 50_00);

    const told = paper.bid(second, 50_00);

    expect(told.result).toMatchObject({ standing: "outbid", price: 50_00 });
    expect(paper.ask("own", first)).toMatchObject({ standing: "leading" });
    expect(paper.lot).toMatchObject({ price: 50_00, leader: 1 });
  }
});

test("of equal maxima the earlier leads in 10,000 orders of bids", () => {
  const names = ["ann", "bob", "cat", "dan", "eve"];
  for (let order = 0; order < 10_000; order++) {
    const paper = new PaperLot(english({ least: "any" }));
    const bidders = names.toSorted((a, b) => (((order + 1) * (a.charCodeAt(0) + order)) % 7) - (((order + 1) * (b.charCodeAt(0) + order)) % 7));
    const low = order % bidders.length;
    for (const [place, bidder] of bidders.entries()) paper.bid(bidder, place === low ? 40_00 : 50_00);

    const first = bidders[low === 0 ? 1 : 0];
    expect(paper.book.standing).toMatchObject({ leader: first, best: 50_00, second: 50_00, price: 50_00 });
  }
});

test("a leader by a tie who raises pays a step more", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);
  paper.bid("bob", 50_00);

  expect(paper.bid("ann", 60_00).result).toMatchObject({ standing: "leading", price: 51_00 });
});

test("an equal maximum is refused where the terms say so", () => {
  const paper = new PaperLot(english({ equal: "refuse" }));
  paper.bid("ann", 50_00);
  const { book } = paper;

  expect(paper.bid("bob", 50_00)).toMatchObject({ kind: "refused", code: "EQUAL_MAXIMUM", data: { minimum: 10_50, currency: "EUR" } });
  expect(paper.book).toBe(book);
});

test("a leader's bid that is none above his maximum is refused with it, and changes nothing", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);
  const { book } = paper;

  for (const maximum of [50_00, 49_99, 10_00, 1]) {
    expect(paper.bid("ann", maximum)).toMatchObject({ code: "NOT_A_RAISE", data: { maximum: 50_00, minimum: 50_01, currency: "EUR" } });
  }
  expect(paper.book).toBe(book);
});

test("a raise need only be above the own maximum, not a step above the price", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);

  expect(paper.bid("ann", 50_01)).toMatchObject({ kind: "accepted" });
});

test("a bid below the next minimum is refused with it", () => {
  const paper = new PaperLot(english());

  expect(paper.bid("ann", 9_99)).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 10_00, currency: "EUR" } });
  paper.bid("ann", 50_00);
  expect(paper.bid("bob", 10_49)).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 10_50 } });
  expect(paper.bid("bob", 10_50)).toMatchObject({ kind: "accepted", result: { price: 11_00 } });
});

test("a replay takes a bid from the opening on, and shows none that changes nothing", () => {
  const paper = new PaperLot(english({ least: "any" }));
  paper.bid("ann", 50_00);
  paper.bid("bob", 40_00);
  const { lot } = paper;

  expect(paper.bid("cat", 20_00)).toMatchObject({ kind: "accepted", result: { paddle: 0, standing: "outbid", price: 41_00, minimum: 42_00 } });
  expect(paper.lot).toEqual(lot);
  expect(paper.bid("cat", 20_00)).toMatchObject({ code: "NOT_A_RAISE", data: { maximum: 20_00 } });
  expect(paper.bid("dan", 9_99)).toMatchObject({ code: "BID_TOO_LOW" });
});

test("a maximum that covers the reserve lifts the price to it at once; what is below tells that it is not met", () => {
  const paper = new PaperLot(english(), { reserve: 20_00 });

  expect(paper.lot.reserve).toBe("unmet");
  paper.bid("ann", 19_99);
  expect(paper.lot).toMatchObject({ price: 10_00, reserve: "unmet" });
  expect(paper.bid("ann", 30_00).result).toMatchObject({ price: 20_00, minimum: 20_50 });
  expect(paper.lot).toMatchObject({ price: 20_00, reserve: "met" });
  expect(paper.bid("bob", 25_00).result).toMatchObject({ price: 26_00, standing: "outbid" });
});

test("paddles are given in the order in which bidders are seen, and kept", () => {
  const paper = new PaperLot(english({ retraction }));
  paper.bid("ann", 20_00);
  paper.bid("bob", 30_00);
  paper.call("retract", undefined, { userId: "ann" });
  paper.bid("cat", 40_00);
  paper.bid("ann", 50_00);

  expect(["ann", "bob", "cat", "dan"].map((name) => paper.ask("own", name))).toMatchObject([{ paddle: 1 }, { paddle: 2 }, { paddle: 3 }, { paddle: 0 }]);
});

test("buy now takes the lot and closes it in one decision", () => {
  const paper = new PaperLot(english({ buyNow: 80_00 }), { reserve: 60_00 });

  const told = paper.call("buyNow", { price: 80_00, currency: "EUR" }, { userId: "ann", at: 1_500_000 });

  expect(told.result).toEqual({ paddle: 1, maximum: 80_00, standing: "won", price: 80_00, minimum: 80_00 });
  expect(told.entries).toHaveLength(2);
  expect(paper.lot).toMatchObject({ price: 80_00, leader: 1, reserve: "met", closed: { ending: "buy-now", sold: { paddle: 1, price: 80_00 }, at: 1_500_000 } });
  expect(paper.bid("bob", 90_00)).toMatchObject({ code: "CLOSED" });
});

test("buy now is gone after the first bid, and stays gone when that is taken back", () => {
  const paper = new PaperLot(english({ buyNow: 80_00, retraction }));
  const buy = (): unknown => paper.call("buyNow", { price: 80_00, currency: "EUR" }, { userId: "bob" });
  paper.bid("ann", 20_00);

  expect(buy()).toMatchObject({ code: "BUY_NOW_GONE", data: { minimum: 10_50 } });
  paper.call("retract", undefined, { userId: "ann" });
  expect(buy()).toMatchObject({ code: "BUY_NOW_GONE" });
});

test("buy now at another price than the lot's is refused with that, whether above or below", () => {
  const paper = new PaperLot(english({ buyNow: 80_00 }));

  for (const price of [79_99, 80_01]) {
    expect(paper.call("buyNow", { price, currency: "EUR" }, { userId: "ann" })).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 80_00 } });
  }
});

test("a lot without a fixed price has none to take", () => {
  expect(new PaperLot(english()).call("buyNow", { price: 80_00, currency: "EUR" }, { userId: "ann" })).toMatchObject({ code: "BUY_NOW_GONE" });
});
