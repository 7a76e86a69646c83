import { expect, test } from "vitest";
import { closesAt, dutch, english, live, opensAt, PaperLot, sealed, type Told } from "./paper-lot.fixture.ts";
import { tradeMeSteps } from "./steps.ts";

interface Desk
  extends Readonly<Record<"ask" | "floor", (amount: number) => Told>>, Readonly<Record<"once" | "twice" | "pass" | "pause" | "resume", () => Told>> {
  /** Having seen so many bids; all of them unless given. */
  readonly hammer: (bids?: number) => Told;
}

function desk(paper: PaperLot): Desk {
  return {
    ask: (amount) => paper.call("ask", { amount }),
    floor: (amount) => paper.call("floor", { amount }),
    once: () => paper.call("going", { stage: "once" }),
    twice: () => paper.call("going", { stage: "twice" }),
    hammer: (bids = paper.lot.bids) => paper.call("hammer", { bids }),
    pass: () => paper.call("pass", undefined),
    pause: () => paper.call("pause", undefined),
    resume: () => paper.call("resume", undefined),
  };
}

test("a bidder pays what the auctioneer asked for, not a step above the last", () => {
  const paper = new PaperLot(live());
  const { ask } = desk(paper);
  paper.bid("ann", 20_00);

  expect(ask(18_00)).toMatchObject({ kind: "accepted" });
  expect(paper.lot).toMatchObject({ minimum: 18_00, price: 10_00 });
  expect(paper.bid("bob", 17_99)).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 18_00 } });
  expect(paper.bid("bob", 30_00)).toMatchObject({ result: { price: 20_50, standing: "leading" } });
  ask(28_00);
  expect(paper.bid("cat", 40_00)).toMatchObject({ result: { price: 31_00, standing: "leading" } });
  ask(36_00);
  expect(paper.bid("dan", 36_00)).toMatchObject({ result: { price: 37_00, standing: "outbid" } });
});

test("who takes the lead from a low maximum pays what was asked", () => {
  const paper = new PaperLot(live());
  paper.bid("ann", 10_00);
  desk(paper).ask(50_00);

  expect(paper.bid("bob", 90_00).result).toMatchObject({ price: 50_00, standing: "leading", minimum: 51_00 });
});

test("what is asked is at least a unit above the price, and may be less than a step", () => {
  const paper = new PaperLot(live({ unit: 10, steps: tradeMeSteps }));
  const { ask } = desk(paper);

  expect(ask(9_90)).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 10_00 } });
  paper.bid("ann", 20_00);
  expect(ask(10_00)).toMatchObject({ code: "BID_TOO_LOW", data: { minimum: 10_10 } });
  expect(ask(10_15)).toMatchObject({ code: "INVALID_AMOUNT", data: { fault: "NOT_A_MULTIPLE", unit: 10 } });
  expect(ask(10_10)).toMatchObject({ kind: "accepted" });
});

test("bids from the room are booked at their price, one against the other too", () => {
  const paper = new PaperLot(live());
  const { floor } = desk(paper);

  expect(floor(12_00)).toMatchObject({ kind: "accepted" });
  expect(paper.lot).toMatchObject({ leader: 1, bids: 1, price: 12_00 });
  expect(floor(15_00)).toMatchObject({ kind: "accepted" });
  expect(paper.lot).toMatchObject({ leader: 2, bids: 2, price: 15_00 });
  paper.bid("ann", 100_00);
  expect(paper.lot.leader).toBe(3);
  expect(floor(1_00)).toMatchObject({ code: "BID_TOO_LOW" });
});

test("nobody can bid as the room does, take back what it bid, or ask for it", () => {
  const paper = new PaperLot(live({ retraction: { allUntilMs: 0, newestForMs: 60_000 } }));
  desk(paper).floor(12_00);

  expect(paper.bid("nexios/floor/1", 20_00)).toMatchObject({ code: "NOT_REGISTERED" });
  expect(paper.call("retract", undefined, { userId: "nexios/floor/1" })).toMatchObject({ code: "NO_BID" });
  expect(paper.ask("own", "nexios/floor/1")).toEqual({ paddle: 0, maximum: 0, standing: "none" });
});

test("once, twice, sold: in that order, and any bid begins it anew", () => {
  const paper = new PaperLot(live());
  const { once, twice, hammer } = desk(paper);
  paper.bid("ann", 20_00);

  expect(twice()).toMatchObject({ code: "OUT_OF_ORDER", data: { stage: "asking" } });
  expect(hammer()).toMatchObject({ code: "OUT_OF_ORDER", data: { stage: "asking" } });
  expect(once()).toMatchObject({ kind: "accepted" });
  expect(once()).toMatchObject({ code: "OUT_OF_ORDER", data: { stage: "once" } });
  expect(hammer()).toMatchObject({ code: "OUT_OF_ORDER", data: { stage: "once" } });
  twice();
  paper.bid("bob", 30_00);
  expect(paper.lot.stage).toBe("asking");
  expect(hammer()).toMatchObject({ code: "OUT_OF_ORDER" });
  once();
  twice();
  expect(hammer()).toMatchObject({ kind: "accepted" });
  expect(paper.lot.closed).toMatchObject({ ending: "hammer", sold: { paddle: 2, price: 20_50 } });
  expect(hammer()).toMatchObject({ code: "CLOSED" });
});

test("a leader's hidden raise does not interrupt the call, since nobody may know of it", () => {
  const paper = new PaperLot(live());
  const { once, twice, hammer } = desk(paper);
  paper.bid("ann", 20_00);
  once();
  twice();
  paper.bid("ann", 90_00);

  expect(paper.lot.stage).toBe("twice");
  expect(hammer(1)).toMatchObject({ kind: "accepted" });
});

test("the hammer does not fall on what the auctioneer has not seen", () => {
  const paper = new PaperLot(live());
  const { once, twice, hammer } = desk(paper);
  paper.bid("ann", 20_00);
  once();
  twice();
  paper.bid("bob", 40_00);

  expect(hammer(1)).toMatchObject({ code: "BID_BETWEEN", data: { price: 20_50, leader: 2, minimum: 21_00, reserve: "none" } });
});

test("in 10,000 races of the hammer with bids there is never both a bid and a sale over it", () => {
  let [sold, outbid, both] = [0, 0, 0];
  for (let race = 0; race < 10_000; race++) {
    const paper = new PaperLot(live());
    const { once, twice, hammer } = desk(paper);
    paper.bid("ann", 20_00 + (race % 13) * 1_00);
    once();
    twice();
    const seen = paper.lot.bids;
    const told = new Map<string, Told>();
    const steps = [
      (): unknown => told.set("hammer", hammer(seen)),
      (): unknown => told.set("bid", paper.bid("bob", 25_00 + (race % 17) * 1_00)),
      (): unknown => (race % 3 === 0 ? paper.bid("ann", 900_00) : paper.bid("bob", 1_00)),
    ];
    let rest = Math.imul(race + 1, 0x9e3779b1) >>> 0;
    while (steps.length > 0) {
      steps.splice(rest % steps.length, 1)[0]?.();
      rest = Math.floor(rest / 3);
    }
    const [isSold, isTaken] = [told.get("hammer")?.kind === "accepted", told.get("bid")?.kind === "accepted"];
    const outcome = { hammer: told.get("hammer")?.code, bid: told.get("bid")?.code, sold: paper.lot.closed?.sold };
    if (isSold && isTaken) both++;
    if (isSold) sold++;
    else outbid++;

    expect(outcome).toEqual(
      isSold ? { hammer: undefined, bid: "CLOSED", sold: { paddle: 1, price: 10_00 } } : { hammer: "BID_BETWEEN", bid: undefined, sold: undefined },
    );
  }

  expect(both).toBe(0);
  expect(Math.min(sold, outbid)).toBeGreaterThan(1_000);
});

test("without a bid, or below the reserve, the hammer does not fall", () => {
  const paper = new PaperLot(live(), { reserve: 50_00 });
  const { once, twice, hammer, pass } = desk(paper);

  expect(hammer()).toMatchObject({ code: "NO_BID" });
  paper.bid("ann", 49_99);
  once();
  twice();
  expect(hammer()).toMatchObject({ code: "RESERVE_NOT_MET" });
  expect(pass()).toMatchObject({ kind: "accepted" });
  expect(paper.lot.closed).toMatchObject({ ending: "passed" });
  expect(paper.lot.closed).not.toHaveProperty("sold");
  expect(paper.ask("own", "ann")).toMatchObject({ standing: "lost" });
});

test("while it is held nothing is taken, and the call begins anew when it goes on", () => {
  const paper = new PaperLot(live({ retraction: { allUntilMs: 1, newestForMs: 60_000 } }));
  const { ask, floor, once, twice, hammer, pause, resume } = desk(paper);
  paper.bid("ann", 20_00);
  once();
  pause();

  const during = [paper.bid("bob", 30_00), ask(30_00), floor(30_00), once(), twice(), hammer(), paper.call("retract", undefined, { userId: "ann" })];
  expect(during.map(({ code }) => code)).toEqual(Array.from({ length: 7 }, () => "PAUSED"));
  expect(pause().entries).toEqual([]);
  expect(resume()).toMatchObject({ kind: "accepted" });
  expect(resume().entries).toEqual([]);
  expect(paper.lot).toMatchObject({ isPaused: false, stage: "asking" });
  expect(paper.bid("bob", 30_00)).toMatchObject({ kind: "accepted" });
});

test("a lot that is passed before it is opened, or that runs by time, is withdrawn", () => {
  const early = new PaperLot();
  early.list(live());
  const running = new PaperLot(english());
  running.bid("ann", 20_00);

  for (const paper of [early, running]) {
    desk(paper).pass();

    expect(paper.lot.closed).toMatchObject({ ending: "withdrawn" });
    expect(paper.lot.closed).not.toHaveProperty("sold");
  }
});

test.each([
  ["english", english()],
  ["dutch", dutch()],
  ["sealed", sealed()],
])("a lot of kind %s has no desk but to be withdrawn", (_kind, terms) => {
  const { ask, floor, once, hammer, pause, resume } = desk(new PaperLot(terms));

  expect([ask(20_00), floor(20_00), once(), hammer(), pause(), resume()].map(({ code }) => code)).toEqual(Array.from({ length: 6 }, () => "NOT_LIVE"));
});

test("prebids stand as maxima when the sale begins, and none is taken before bids are", () => {
  const paper = new PaperLot();
  paper.list(live());

  expect(paper.bid("ann", 80_00, { at: opensAt - 1 })).toMatchObject({ code: "NOT_OPEN" });
  paper.bid("ann", 80_00, { at: opensAt });
  paper.bid("bob", 40_00, { at: closesAt });
  expect(paper.lot).toMatchObject({ leader: 1, price: 41_00 });
});
