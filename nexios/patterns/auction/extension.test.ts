import { expect, test } from "vitest";
import { closesAt, english, PaperLot } from "./paper-lot.fixture.ts";

const extension = { windowMs: 60_000, byMs: 90_000 } as const;

test("a bid in the window moves the end to so long after it, in its own entry", () => {
  const paper = new PaperLot(english({ extension }));

  paper.bid("ann", 20_00, { at: closesAt - 60_000 });

  expect(paper.shown.at(-1)).toMatchObject({ kind: "bid", closesAt: closesAt + 30_000 });
  expect(paper.lot).toMatchObject({ closesAt: closesAt + 30_000, extensions: 1, extendedFor: "bid" });
});

test("a bid before the window does not", () => {
  const paper = new PaperLot(english({ extension }));

  paper.bid("ann", 20_00, { at: closesAt - 60_001 });

  expect(paper.shown.at(-1)).not.toHaveProperty("closesAt");
  expect(paper.lot).toMatchObject({ closesAt, extensions: 0 });
});

test("the end is never moved to an earlier time", () => {
  const paper = new PaperLot(english({ extension: { windowMs: 60_000, byMs: 1_000 } }));

  paper.bid("ann", 20_00, { at: closesAt - 30_000 });
  expect(paper.lot).toMatchObject({ closesAt, extensions: 0 });
  paper.bid("bob", 30_00, { at: closesAt - 1_000 });
  expect(paper.lot).toMatchObject({ closesAt, extensions: 0 });
  paper.bid("cat", 40_00, { at: closesAt - 999 });
  expect(paper.lot).toMatchObject({ closesAt: closesAt + 1, extensions: 1 });
});

test("refused bids and a leader's own raises, shown or not, move nothing", () => {
  const paper = new PaperLot(english({ extension }));
  paper.bid("ann", 50_00, { at: closesAt - 100_000 });
  paper.bid("bob", 50_40, { at: closesAt - 90_000 });
  const at = closesAt - 1_000;

  expect(paper.bid("cat", 1_00, { at })).toMatchObject({ code: "BID_TOO_LOW" });
  expect(paper.bid("bob", 50_40, { at })).toMatchObject({ code: "NOT_A_RAISE" });
  expect(paper.bid("bob", 60_00, { at })).toMatchObject({ kind: "accepted", result: { price: 51_00 } });
  expect(paper.bid("bob", 70_00, { at })).toMatchObject({ kind: "accepted", result: { price: 51_00 } });
  expect(paper.lot).toMatchObject({ closesAt, extensions: 0 });
});

test("a rival's bid that does not lead moves the end too", () => {
  const paper = new PaperLot(english({ extension }));
  paper.bid("ann", 500_00, { at: closesAt - 100_000 });

  paper.bid("bob", 20_00, { at: closesAt - 1 });

  expect(paper.lot).toMatchObject({ leader: 1, closesAt: closesAt - 1 + 90_000, extensions: 1 });
});

test("a bid on another lot of the sale moves the end, and not past the lot's own hard end", () => {
  const hardEnd = closesAt + 100_000;
  const paper = new PaperLot(english({ extension: { ...extension, scope: "sale", hardEnd } }));
  const extend = (to: number): unknown => paper.call("extend", { closesAt: to }, { userId: "nexios" });

  extend(closesAt + 50_000);
  expect(paper.shown.at(-1)).toMatchObject({ kind: "extended", reason: "sale", closesAt: closesAt + 50_000 });
  extend(closesAt + 200_000);
  expect(paper.lot.closesAt).toBe(hardEnd);
  const { length } = paper.entries;
  extend(closesAt + 300_000);
  expect(paper.entries).toHaveLength(length);
});

test("no bid moves the end past the hard end", () => {
  const hardEnd = closesAt + 100_000;
  const paper = new PaperLot(english({ extension: { ...extension, hardEnd } }));

  paper.bid("ann", 20_00, { at: closesAt - 1 });
  paper.bid("bob", 30_00, { at: closesAt + 89_000 });
  expect(paper.lot.closesAt).toBe(hardEnd);
  paper.bid("cat", 40_00, { at: hardEnd - 1 });

  expect(paper.lot).toMatchObject({ closesAt: hardEnd, extensions: 2 });
  expect(paper.bid("dan", 60_00, { at: hardEnd })).toMatchObject({ code: "CLOSED" });
});

test("bids move the end at most so often", () => {
  const paper = new PaperLot(english({ extension: { ...extension, most: 2 } }));

  for (const [index, name] of ["ann", "bob", "cat"].entries()) paper.bid(name, 20_00 + index * 10_00, { at: (paper.lot.closesAt ?? 0) - 1 });

  expect(paper.lot).toMatchObject({ closesAt: closesAt + 2 * 89_999, extensions: 2, bids: 3 });
});

test("an outage that moves the end takes nothing from how often bids may", () => {
  const paper = new PaperLot(english({ extension: { ...extension, most: 1 } }));
  paper.wakeUntil(closesAt - 30_000);

  paper.wake(closesAt + 30_000);
  const end = paper.lot.closesAt ?? 0;
  paper.bid("ann", 20_00, { at: end - 1 });

  expect(end).toBe(closesAt + 90_000);
  expect(paper.lot).toMatchObject({ closesAt: end - 1 + 90_000, extensions: 2, extendedFor: "bid" });
});

test("of 200 bids in the window, refused and own ones between, the rivals' accepted ones alone move the end, each by the rule", () => {
  const hardEnd = closesAt + 1_000_000;
  const paper = new PaperLot(english({ extension: { ...extension, hardEnd } }));
  let [expectedEnd, moves, at] = [closesAt, 0, closesAt - 50_000];

  for (let index = 0; index < 200; index++) {
    at += 1 + ((index * 7_919) % 9_000);
    const { leader } = paper.book.standing;
    const bidder = index % 5 === 0 ? leader || "ann" : (["ann", "bob", "cat"][index % 3] as string);
    const told = paper.bid(bidder, index % 7 === 0 ? 1_00 : (paper.lot.minimum || 10_00) + ((index * 31) % 10_00), { at });
    if (told.kind === "accepted" && bidder !== leader && at >= expectedEnd - 60_000 && expectedEnd < hardEnd) {
      expectedEnd = Math.min(at + 90_000, hardEnd);
      moves++;
    }
    expect(paper.lot.closesAt).toBe(expectedEnd);
  }

  expect(moves).toBeGreaterThan(20);
  expect(paper.lot.extensions).toBe(moves);
});

test("the server moves the end with its sale, only to a later time, and nobody else does", () => {
  const paper = new PaperLot(english({ extension: { ...extension, scope: "sale" } }));
  const extend = (userId: string, end: number): unknown => paper.call("extend", { closesAt: end }, { userId });

  expect(extend("sue", closesAt + 5)).toMatchObject({ code: "FORBIDDEN" });
  expect(extend("nexios", closesAt)).toMatchObject({ kind: "accepted", entries: [] });
  expect(extend("nexios", closesAt + 5)).toMatchObject({ kind: "accepted" });
  expect(paper.lot).toMatchObject({ closesAt: closesAt + 5, extendedFor: "sale" });
});
