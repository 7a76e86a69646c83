import { expect, test } from "vitest";
import { auction } from "./contract.ts";
import { closesAt, dutch, english, live, opensAt, PaperLot, sealed, type Told } from "./paper-lot.fixture.ts";
import { defaultBookLimits } from "./refusals.ts";
import type { SecretTerms, Terms } from "./terms.ts";

const eur = "EUR";
const inputs: Readonly<Record<string, unknown>> = {
  bid: { maximum: 20_00, currency: eur },
  buyNow: { price: 90_00, currency: eur },
  list: { terms: english(), secret: {} },
  ask: { amount: 60_00 },
  floor: { amount: 60_00 },
  going: { stage: "once" },
  hammer: { bids: 0 },
  extend: { closesAt: closesAt + 1 },
  voidHolds: { userId: "ann", upTo: 1 },
};
const deskCalls = ["ask", "floor", "going", "hammer", "pass", "pause", "resume"];
const lotCalls = ["bid", "buyNow", "retract", ...deskCalls];
const retraction = { allUntilMs: 5, newestForMs: 5 };

function lot(terms: Terms = english({ buyNow: 90_00, retraction }), secret?: SecretTerms): PaperLot {
  return new PaperLot(terms, secret);
}

/** Each code of each call, reached by that call. */
function* reach(): Generator<readonly [string, Told]> {
  const call = (paper: PaperLot, name: string, input = inputs[name], more: Parameters<PaperLot["call"]>[2] = {}): readonly [string, Told] => [
    name,
    paper.call(name, input, { userId: "ann", ...more }),
  ];
  for (const name of lotCalls) yield call(new PaperLot(), name);
  for (const name of lotCalls.filter((each) => each !== "pass")) {
    const scheduled = new PaperLot();
    scheduled.list(live());
    yield call(scheduled, name, undefined, { at: opensAt - 1 });
    const paused = lot(live());
    paused.call("pause", undefined);
    yield call(paused, name);
  }
  for (const name of [...lotCalls, "list"]) {
    const closed = lot();
    closed.call("pass", undefined);
    yield call(closed, name);
  }
  for (const name of [...deskCalls, "list"]) yield call(lot(live()), name, inputs[name], { isAuctioneer: false });
  yield ["secret", lot().ask("secret", "ann") as Told];
  yield ["bidders", lot().ask("bidders", "ann") as Told];
  for (const name of ["extend", "voidHolds"]) yield call(lot(), name);
  for (const name of deskCalls.filter((each) => each !== "pass")) yield call(lot(), name);

  const withLeader = (terms: Terms): PaperLot => {
    const paper = lot(terms);
    paper.bid("ann", 50_00);
    return paper;
  };
  for (const [name, amount] of [
    ["bid", "maximum"],
    ["buyNow", "price"],
  ] as const) {
    yield call(lot(), name, { [amount]: 90_00, currency: "USD" });
    yield call(lot(), name, { [amount]: 0.5, currency: eur });
    yield call(lot(), name, { [amount]: 5_00, currency: eur });
    yield call(lot(undefined, { sellerId: "ann" }), name);
    yield call(lot(), name, inputs[name], { isRegistered: false });
    yield call(lot(), name, inputs[name], { held: { kind: "refused", limit: 100_00, available: 5_00 } });
    const released = lot();
    released.call("voidHolds", { userId: "ann", upTo: 4 }, { userId: "nexios" });
    yield call(released, name, inputs[name], { held: { kind: "held", number: 4 } });
    const full = new PaperLot(english({ buyNow: 90_00 }), {}, { bidders: 0 });
    yield call(full, name);
  }
  yield call(withLeader(english()), "bid", { maximum: 50_00, currency: eur });
  yield call(withLeader(english({ equal: "refuse" })), "bid", { maximum: 50_00, currency: eur }, { userId: "bob" });
  yield call(withLeader(english({ buyNow: 90_00 })), "buyNow");
  yield call(lot(), "retract");
  yield call(withLeader(english()), "retract");
  yield call(withLeader(english()), "list");
  yield call(lot(), "list", { terms: english({ title: "" }), secret: {} });
  for (const name of ["ask", "floor"]) {
    yield call(lot(live()), name, { amount: 0.5 });
    yield call(lot(live()), name, { amount: 5_00 });
  }
  const begun = withLeader(live());
  yield call(begun, "going", { stage: "twice" });
  yield call(begun, "hammer", { bids: 1 });
  yield call(begun, "hammer", { bids: 0 });
  yield call(lot(live()), "hammer", { bids: 0 });
  const low = lot(live(), { reserve: 90_00 });
  low.bid("ann", 50_00);
  for (const stage of ["once", "twice"]) low.call("going", { stage });
  yield call(low, "hammer", { bids: 1 });
}

/** What the contract declares, and the rules do not give: the types of calls that share rules share their codes too. */
const never = new Set([
  // A price that is taken at once is no maximum among others.
  "buyNow NOT_A_RAISE",
  "buyNow EQUAL_MAXIMUM",
  // To be held or to go on is what they do.
  "pause PAUSED",
  "resume PAUSED",
  // A lot can be passed before it opens, while it is held, and whatever its kind.
  "pass NOT_OPEN",
  "pass PAUSED",
]);

test("each code that the contract declares is reached by its call, and no other", () => {
  const declared = [...auction.calls, ...auction.questions].flatMap(([name, { refusals }]) => [...refusals].map((code) => `${name} ${code}`));

  const reached = [...reach()].flatMap(([name, { kind, code }]) => (kind === "refused" ? [`${name} ${code}`] : []));

  expect([...new Set(reached)].toSorted()).toEqual(declared.filter((each) => !never.has(each)).toSorted());
});

test("a refusal changes nothing, and tells what is needed to bid again", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);
  const { book } = paper;
  const next = { minimum: 10_50, currency: "EUR" };

  const told = [
    paper.bid("bob", 10_00),
    paper.bid("bob", 0),
    paper.bid("bob", 50_00, { isRegistered: false }),
    paper.bid("bob", 50_00, { held: { kind: "refused", limit: 100_00, available: 5_00 } }),
    paper.call("bid", { maximum: 50_00, currency: "USD" }, { userId: "bob" }),
  ];

  for (const { data } of told) expect(data).toMatchObject(next);
  expect(told[3]?.data).toMatchObject({ limit: 100_00, available: 5_00 });
  expect(paper.book).toBe(book);
});

test("what is refused says nothing of a maximum or a reserve, to anybody but its owner", () => {
  const answers = [60_00, 77_31].map((secret) => {
    const paper = new PaperLot(live({ retraction }), { reserve: secret });
    paper.bid("ann", secret - 1_00);
    const at = opensAt + 100;
    const told = ["bid", "buyNow", "retract", ...deskCalls].flatMap((name) => [
      paper.call(name, inputs[name], { userId: "bob", isAuctioneer: false, at }),
      paper.call(name, name === "bid" ? { maximum: 1_00, currency: eur } : { amount: 1_00, price: 1_00, currency: eur, stage: "twice", bids: 5 }, {
        userId: "bob",
        at,
      }),
    ]);
    return told.filter(({ kind }) => kind === "refused");
  });

  expect(answers[0]?.length).toBeGreaterThan(8);
  expect(answers[0]).toEqual(answers[1]);
});

test("as many bidders as the limit says have a place, and those who have one go on", () => {
  const paper = new PaperLot(english(), {}, { bidders: 3 });
  for (const [index, name] of ["ann", "bob", "cat"].entries()) paper.bid(name, 20_00 + index * 10_00);

  expect(paper.bid("dan", 90_00)).toMatchObject({ code: "TOO_MANY_BIDS", data: { limit: 3 } });
  expect(paper.bid("ann", 90_00)).toMatchObject({ kind: "accepted" });
});

test("a bidder has as many bids as the limit says, and others are not held by it", () => {
  const paper = new PaperLot(english(), {}, { bidsPerBidder: 3 });
  for (const maximum of [20_00, 30_00, 40_00]) expect(paper.bid("ann", maximum)).toMatchObject({ kind: "accepted" });

  expect(paper.bid("ann", 50_00)).toMatchObject({ code: "TOO_MANY_BIDS", data: { limit: 3 } });
  expect(paper.bid("bob", 50_00)).toMatchObject({ kind: "accepted", result: { standing: "leading" } });
});

test("a lot has as many bids as the limit says, whoever makes them", () => {
  const paper = new PaperLot(english(), {}, { bids: 2 });
  for (const [name, maximum] of [
    ["ann", 20_00],
    ["bob", 30_00],
  ] as const)
    paper.bid(name, maximum);

  expect(paper.bid("cat", 50_00)).toMatchObject({ code: "TOO_MANY_BIDS", data: { limit: 2 } });
});

test("sealed bids that take each other's place count, and so do those that are taken back", () => {
  const limits = { bidsPerBidder: 3 };
  const [replacing, retracting] = [new PaperLot(sealed(), {}, limits), new PaperLot(english({ retraction: { allUntilMs: 5, newestForMs: 5 } }), {}, limits)];
  for (let bid = 1; bid <= 3; bid++) {
    replacing.bid("ann", 20_00 + bid);
    retracting.bid("ann", 20_00);
    retracting.call("retract", undefined, { userId: "ann" });
  }

  for (const paper of [replacing, retracting]) expect(paper.bid("ann", 50_00)).toMatchObject({ code: "TOO_MANY_BIDS", data: { limit: 3 } });
});

test("10,000 bidders and 1,000 bids of one are the limits unless others are given", () => {
  const paper = new PaperLot(english({ opening: 1, steps: [{ from: 0, step: 1 }] }));
  let last: Told | undefined;
  for (let raise = 1; raise <= 1_001; raise++) last = paper.bid("ann", raise);

  expect(defaultBookLimits).toEqual({ bidders: 10_000, bidsPerBidder: 1_000, bids: 100_000 });
  expect(last).toMatchObject({ code: "TOO_MANY_BIDS", data: { limit: 1_000 } });
});

test("a hold that was let go carries no bid; a later one does", () => {
  const paper = new PaperLot(english());
  paper.call("voidHolds", { userId: "ann", upTo: 2 }, { userId: "nexios" });

  expect(paper.bid("ann", 20_00, { held: { kind: "held", number: 2 } })).toMatchObject({ code: "HOLD_RELEASED" });
  expect(paper.bid("ann", 20_00, { held: { kind: "held", number: 3 } })).toMatchObject({ kind: "accepted" });
});

test("a leader's hold stands though it is to be let go, and what the lot needs is told", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00, { held: { kind: "held", number: 1 } });
  const release = (userId: string): unknown => paper.call("voidHolds", { userId, upTo: 1 }, { userId: "nexios" }).result;

  expect([release("ann"), release("bob")]).toEqual([
    { needed: 50_00, currency: "EUR" },
    { needed: 0, currency: "EUR" },
  ]);
  expect(paper.book.bidders.find(({ id }) => id === "ann")?.bids).toMatchObject([{ maximum: 50_00 }]);
  expect(paper.book.bidders.find(({ id }) => id === "ann")?.bids[0]).not.toHaveProperty("isVoid");
});

test("what is let go twice, or when the lot is over, writes nothing more", () => {
  const paper = new PaperLot(live());
  const release = (upTo: number): unknown => paper.call("voidHolds", { userId: "ann", upTo }, { userId: "nexios" }).entries?.length;
  paper.bid("ann", 50_00, { held: { kind: "held", number: 1 } });
  const leading = [release(1), release(1)];
  paper.bid("bob", 80_00);
  const outbid = [release(1), release(1), release(2), release(2)];
  paper.call("pass", undefined);

  expect([leading, outbid, release(3)]).toEqual([[1, 0], [1, 0, 1, 0], 0]);
});

test("the server alone learns who has bid", () => {
  const paper = new PaperLot(english());
  paper.bid("ann", 50_00);

  expect(paper.ask("bidders", "nexios")).toEqual([{ userId: "ann", own: { paddle: 1, maximum: 50_00, standing: "leading" } }]);
});

test.each([
  ["english", english()],
  ["live", live()],
  ["dutch", dutch()],
  ["sealed", sealed()],
])("the seller of a lot of kind %s can't bid on it", (kind, terms) => {
  const paper = new PaperLot(terms, { sellerId: "sal" });

  expect(paper.bid("sal", 50_00)).toMatchObject({ code: "SELLER" });
  expect([kind, paper.entries.length]).toEqual([kind, 2]);
});
