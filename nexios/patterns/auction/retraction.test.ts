import { expect, test } from "vitest";
import { closesAt, dutch, english, live, opensAt, PaperLot, sealed, type Told } from "./paper-lot.fixture.ts";

const retraction = { allUntilMs: 100_000, newestForMs: 60_000 };
const early = closesAt - 100_001;

function retract(paper: PaperLot, userId: string, at = paper.at): Told {
  return paper.call("retract", undefined, { userId, at });
}

test("before the last stretch all bids of the bidder go, and the price is made anew, lower", () => {
  const paper = new PaperLot(english({ retraction }));
  paper.bid("ann", 20_00);
  paper.bid("bob", 50_00);
  paper.bid("cat", 40_00);
  paper.bid("cat", 45_00);

  const told = retract(paper, "cat", early);

  expect(told.result).toEqual({ paddle: 3, maximum: 0, standing: "none", price: 20_50, minimum: 21_00 });
  expect(paper.shown.at(-1)).toEqual({ kind: "retracted", paddle: 3, price: 20_50, leader: 2, minimum: 21_00, reserve: "none", at: early });
  expect(paper.lot).toMatchObject({ price: 20_50, leader: 2, bids: 5 });
});

test("in the last stretch the newest bid goes, and for a while only", () => {
  const paper = new PaperLot(english({ retraction }));
  paper.bid("ann", 20_00, { at: early });
  paper.bid("bob", 30_00, { at: early });
  paper.bid("bob", 40_00, { at: closesAt - 90_000 });
  paper.bid("cat", 35_00, { at: closesAt - 80_000 });

  expect(retract(paper, "bob", closesAt - 30_000)).toMatchObject({ code: "NOT_RETRACTABLE" });
  const told = retract(paper, "bob", closesAt - 30_001);

  expect(told.result).toEqual({ paddle: 2, maximum: 30_00, standing: "outbid", price: 31_00, minimum: 32_00 });
  expect(paper.ask("own", "cat")).toMatchObject({ standing: "leading" });
});

test("the bound between all and the newest is half open", () => {
  const leftAt = (at: number): unknown => {
    const paper = new PaperLot(english({ retraction }));
    paper.bid("ann", 20_00, { at: closesAt - 130_000 });
    paper.bid("ann", 30_00, { at: closesAt - 120_000 });
    return retract(paper, "ann", at).result?.maximum;
  };

  expect([leftAt(closesAt - 100_001), leftAt(closesAt - 100_000)]).toEqual([0, 20_00]);
});

test("the leader's retraction leaves the standing that his rivals alone would have made, and the log but one entry longer", () => {
  const rivals: readonly [string, number][] = [
    ["bob", 12_00],
    ["cat", 15_00],
    ["dan", 19_00],
    ["eve", 27_00],
    ["fay", 33_00],
  ];
  const [paper, without] = [new PaperLot(english({ retraction }), { reserve: 25_00 }), new PaperLot(english({ retraction }), { reserve: 25_00 })];
  for (const [index, [bidder, maximum]] of rivals.entries()) {
    if (index === 2) paper.bid("ann", 500_00);
    for (const of of [paper, without]) of.bid(bidder, Math.max(maximum, of.lot.minimum));
  }
  const { entries: before } = { entries: [...paper.entries] };
  const sums = paper.book.bidders.filter(({ id }) => id !== "ann").map(({ bids }) => bids.at(-1)?.maximum);

  retract(paper, "ann", early);

  const again = new PaperLot(english({ retraction, least: "any" }), { reserve: 25_00 });
  for (const [index, [bidder]] of rivals.entries()) again.bid(bidder, sums[index]);
  expect(paper.book.standing).toEqual(again.book.standing);
  expect(paper.entries.slice(0, -1)).toEqual(before);
  expect(paper.entries).toHaveLength(before.length + 1);
});

test("a hidden raise that is taken back is shown to nobody", () => {
  const paper = new PaperLot(english({ retraction }));
  paper.bid("ann", 20_00, { at: early });
  paper.bid("ann", 90_00, { at: closesAt - 90_000 });
  const { lot, shown } = paper;

  const told = retract(paper, "ann", closesAt - 80_000);

  expect(told.result).toEqual({ paddle: 1, maximum: 20_00, standing: "leading", price: 10_00, minimum: 10_50 });
  expect([paper.lot, paper.shown]).toEqual([lot, shown]);
});

test("a reserve that only the retracted bid met is not met any more", () => {
  const paper = new PaperLot(english({ retraction }), { reserve: 40_00 });
  paper.bid("ann", 20_00);
  paper.bid("bob", 60_00);
  expect(paper.lot).toMatchObject({ price: 40_00, reserve: "met" });

  retract(paper, "bob", early);

  expect(paper.lot).toMatchObject({ price: 10_00, leader: 1, reserve: "unmet" });
});

test("after the only bid is gone the lot stands as before it, but for what has been seen", () => {
  const paper = new PaperLot(english({ retraction }));
  paper.bid("ann", 20_00);

  retract(paper, "ann", early);

  expect(paper.lot).toMatchObject({ price: 0, leader: 0, minimum: 10_00, bids: 2 });
  expect(paper.bid("bob", 10_00)).toMatchObject({ result: { price: 10_00, standing: "leading" } });
});

test("the money of a bid that has been let go comes back by no retraction", () => {
  const paper = new PaperLot(english({ retraction }));
  paper.bid("ann", 30_00, { held: { kind: "held", number: 1 } });
  paper.bid("bob", 50_00);
  paper.call("voidHolds", { userId: "ann", upTo: 1 }, { userId: "nexios" });

  retract(paper, "bob", early);

  expect(paper.book.standing).toMatchObject({ leader: "" });
  expect(paper.lot).toMatchObject({ leader: 0, price: 0 });
});

test("nothing goes where the terms name no retraction, from a lot that has none of the bidder's, or after the end", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 20_00);

  expect(retract(paper, "ann")).toMatchObject({ code: "NOT_RETRACTABLE" });
  expect(retract(paper, "bob")).toMatchObject({ code: "NO_BID" });
  expect(retract(paper, "ann", closesAt)).toMatchObject({ code: "CLOSED", data: { closesAt } });
  expect(retract(new PaperLot(dutch()), "ann")).toMatchObject({ code: "NO_BID" });
});

test("in a live sale the newest bid goes for a while, since no end can be counted from", () => {
  const paper = new PaperLot(live({ retraction }));
  paper.bid("ann", 20_00, { at: opensAt });
  paper.bid("bob", 30_00, { at: opensAt + 1_000 });

  expect(retract(paper, "ann", opensAt + 60_000)).toMatchObject({ code: "NOT_RETRACTABLE" });
  expect(retract(paper, "bob", opensAt + 60_999)).toMatchObject({ kind: "accepted", result: { standing: "none" } });
  expect(paper.ask("own", "ann")).toMatchObject({ standing: "leading" });
});

test("a sealed bid may go until the end, and nobody learns of it", () => {
  const paper = new PaperLot(sealed());
  paper.bid("ann", 20_00);
  const { lot } = paper;

  expect(retract(paper, "ann", closesAt - 1).result).toEqual({ paddle: 0, maximum: 0, standing: "none", price: 0, minimum: 10_00 });
  expect(paper.lot).toEqual(lot);
  expect(paper.book.standing.leader).toBe("");
  expect(retract(paper, "ann", closesAt - 1)).toMatchObject({ code: "NO_BID" });
});

test("a bid whose money is let go leads no more, and holds up the price though another takes his back", () => {
  const paper = new PaperLot(english({ retraction: { allUntilMs: 0, newestForMs: 60_000 } }));
  paper.bid("cat", 15_00, { held: { kind: "held", number: 1 } });
  paper.bid("ann", 50_00, { held: { kind: "held", number: 1 } });
  paper.bid("bob", 90_00, { held: { kind: "held", number: 1 } });
  paper.call("voidHolds", { userId: "ann", upTo: 1 }, { userId: "nexios" });
  const { shown } = paper;

  paper.call("retract", undefined, { userId: "cat" });
  expect(paper.lot).toMatchObject({ leader: 3, price: 51_00 });
  expect(paper.shown).toEqual(shown);
  paper.bid("dan", 20_00);
  paper.bid("dan", 60_00);
  paper.call("retract", undefined, { userId: "bob" });

  expect(paper.lot).toMatchObject({ leader: 4, price: 51_00 });
  expect(paper.ask("own", "ann")).toMatchObject({ standing: "outbid" });
});
