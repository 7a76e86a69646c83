import { auction, type EnglishTerms, type Lot } from "nexios/auction";
import { afterEach, beforeEach, expect, test } from "vitest";
import { InboxHouse, told } from "./inbox.fixture.ts";
import { latestEndOf } from "./lot-news.ts";

let house: InboxHouse;

beforeEach(async () => {
  house = new InboxHouse();
  await house.open();
});

afterEach(() => house.close());

test("who loses the lead is told once, with the price, the next bid and the way there; nobody else is", async () => {
  await house.list("clock");
  await house.bid("clock", "ann", 120);
  await house.bid("clock", "bob", 150);
  await house.settle();

  expect(told(await house.items("ann"))).toEqual(["outbid 122.5"]);
  expect((await house.items("ann"))[0]).toMatchObject({
    title: "Marine chronometer",
    link: "/lots/clock",
    thread: "clock",
    priority: "high",
    body: "You were outbid: the price is €122.50, the next bid €125.00.",
  });
  // Bidders are numbers to each other: it says nothing of who it was.
  expect((await house.items("ann"))[0]?.data).toEqual({ kind: "outbid", price: 122_50, next: 125_00, currency: "EUR" });
  expect(JSON.stringify(await house.inbox("ann").entries(0, 10))).not.toContain("bob");
  expect(await house.items("bob")).toEqual([]);
});

test("a bid below the leader's maximum, and a raise of one's own, take the lead from nobody", async () => {
  await house.list("clock");
  await house.bid("clock", "ann", 200);
  await house.bid("clock", "bob", 150);
  await house.bid("clock", "ann", 300);
  await house.settle();

  expect([await house.items("ann"), await house.items("bob")]).toEqual([[], []]);
});

test("each loss of the lead is a notice; unread ones of a lot are one, on top, that says how often", async () => {
  await house.list("clock");
  for (const [userId, euros] of [["ann", 120], ["bob", 150], ["ann", 200], ["bob", 300]] as const) await house.bid("clock", userId, euros); // prettier-ignore
  await house.settle();

  expect([told(await house.items("ann")), told(await house.items("bob"))]).toEqual([["outbid 202.5 x2"], ["outbid 152.5"]]);
});

test("after a restart in the middle each loss is told, and none twice", async () => {
  await house.list("clock");
  await house.bid("clock", "ann", 120);
  await house.settle();
  await house.restart();
  await house.bid("clock", "bob", 150);
  await house.restart();
  await house.settle();

  expect(told(await house.items("ann"))).toEqual(["outbid 122.5"]);
});

test("who takes his bid back is not outbid, and whoever leads then can be", async () => {
  const retraction = { allUntilMs: 60_000, newestForMs: 60_000 };
  await house.list("clock", house.english({ retraction }));
  await house.bid("clock", "ann", 120);
  await house.bid("clock", "bob", 150);
  await house.app.room(auction, { lotId: "clock" }).call("retract", undefined, { user: { id: "bob", name: "bob" } });
  await house.settle();
  const before = told(await house.items("bob"));
  await house.bid("clock", "cem", 180);
  await house.settle();

  expect(before).toEqual([]);
  expect([told(await house.items("ann")), told(await house.items("bob"))]).toEqual([["outbid 122.5 x2"], []]);
});

test("robots get none", async () => {
  await house.list("clock");
  await house.bid("clock", "robot-ada", 120);
  await house.bid("clock", "bob", 150);
  await house.settle();

  expect((await house.inbox("robot-ada").state()).count).toBe(0);
});

test("the end tells the winner and the seller, and puts away that others were outbid", async () => {
  const { closesAt: _end, ...common } = house.english();
  await house.list("clock", { ...common, kind: "live" }, { sellerId: "sue" });
  await house.bid("clock", "ann", 120);
  await house.bid("clock", "bob", 150);
  await house.settle();
  const before = told(await house.items("ann"));
  const room = house.app.room(auction, { lotId: "clock" });

  for (const stage of ["once", "twice"] as const) await room.call("going", { stage });
  await room.call("hammer", { bids: 2 });
  await house.settle();

  expect([before, told(await house.items("ann"))]).toEqual([["outbid 122.5"], ["outbid 122.5 (archived)"]]);
  expect(told(await house.items("bob"))).toEqual(["won 122.5"]);
  expect(told(await house.items("sue"))).toEqual(["won: sold 122.5"]);
});

test("who buys a lot at its fixed price is told in the inbox alone: it is his own doing; its seller is told who it was in neither", async () => {
  await house.list("clock", house.english({ buyNow: 900_00 }), { sellerId: "sue" });
  await house.app.room(auction, { lotId: "clock" }).call("buyNow", { price: 900_00, currency: "EUR" }, { user: { id: "ann", name: "ann" } });
  await house.settle();

  expect((await house.items("ann")).map(({ data }) => data)).toEqual([{ kind: "won", price: 900_00, currency: "EUR", isOwn: true }]);
  expect((await house.items("sue")).map(({ data }) => data)).toEqual([{ kind: "sold", price: 900_00, currency: "EUR" }]);
});

test("a lot that is not sold tells nobody that he has won it", async () => {
  await house.list("clock", house.english(), { sellerId: "sue", reserve: 500_00 });
  await house.bid("clock", "ann", 120);
  await house.clock.advance(3_601_000);
  await house.settle();

  expect((await house.items("ann")).filter(({ category }) => category === "won")).toEqual([]);
  expect(await house.items("sue")).toEqual([]);
});

test("a replay tells nobody", async () => {
  await house.list("replay-clock");
  await house.bid("replay-clock", "ann", 120);
  await house.bid("replay-clock", "bob", 150);
  await house.settle();

  expect(await house.items("ann")).toEqual([]);
});

test("a lot's title of two lines, an id as long as one may be, and a price of no cents are told too", async () => {
  const lotId = "x".repeat(128);
  await house.list(lotId, house.english({ title: `Clock\n${"x".repeat(190)}`, currency: "JPY" }));
  for (const [userId, maximum] of [["ann", 12_000], ["bob", 15_000]] as const) await house.app.room(auction, { lotId }).call("bid", { maximum, currency: "JPY" }, { user: { id: userId, name: userId } }); // prettier-ignore
  await house.settle();

  expect((await house.items("ann"))[0]?.title).toBe(`Clock ${"x".repeat(190)}`);
  expect((await house.items("ann"))[0]?.body).toContain("¥12,");
});

test("how long it stands that somebody was outbid: to the lot's end, and where bids move that, to the last one that there can be", () => {
  const terms: EnglishTerms = house.english({ closesAt: 10_000 });
  const lot: Lot = { ...auction.initial(), closesAt: 10_000 };
  const withTerms = (extension: EnglishTerms["extension"]): Lot => ({
    ...lot,
    bidExtensions: 1,
    terms: { ...terms, ...(extension !== undefined && { extension }) },
  });

  expect(latestEndOf(withTerms(undefined), 0)).toBe(10_000);
  expect(latestEndOf(withTerms({ windowMs: 5, byMs: 100, most: 4 }), 0)).toBe(10_300);
  expect(latestEndOf(withTerms({ windowMs: 5, byMs: 100, hardEnd: 10_050 }), 0)).toBe(10_050);
  expect(latestEndOf(withTerms({ windowMs: 5, byMs: 100 }), 0)).toBe(10_000 + 86_400_000);
  expect(latestEndOf(lot, 0)).toBeUndefined();
});
