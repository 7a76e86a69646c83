import { expect, test } from "vitest";
import { closesAt, dutch, english, live, opensAt, PaperLot, sealed } from "./paper-lot.fixture.ts";
import { lotCallsSince, lotWakeAt } from "./time.ts";

const settleMs = 200;
const dayMs = 24 * 3_600_000;

test("a lot takes bids from its opening on, and none before", () => {
  const paper = new PaperLot();
  paper.list(english());

  expect(paper.bid("ann", 20_00, { at: opensAt - 1 })).toMatchObject({ code: "NOT_OPEN", data: { opensAt } });
  expect(paper.bid("ann", 20_00, { at: opensAt })).toMatchObject({ kind: "accepted" });
});

test.each([
  ["english", english()],
  ["dutch", dutch({ lowest: 20_00, opening: 20_00 })],
  ["sealed", sealed()],
])("a bid on a lot of kind %s is in time 1 ms before the end, and late at it", (_kind, terms) => {
  const told = [closesAt - 1, closesAt, closesAt + 1].map((at) => new PaperLot(terms).bid("ann", 20_00, { at }));

  expect(told.map(({ kind, code }) => code ?? kind)).toEqual(["accepted", "CLOSED", "CLOSED"]);
  expect(told[1]?.data).toEqual({ closesAt });
});

test("what came in time is taken until the end is written, and nothing is after that", () => {
  const paper = new PaperLot(english());
  paper.wakeUntil(closesAt + settleMs - 1);

  expect(paper.lot.closed).toBe(undefined);
  expect(paper.bid("ann", 20_00, { at: closesAt - 1 })).toMatchObject({ kind: "accepted" });
  paper.wakeUntil(closesAt + settleMs);
  const { entries } = paper;

  expect(paper.lot.closed).toMatchObject({ ending: "time", sold: { paddle: 1, price: 10_00 }, at: closesAt + settleMs });
  expect(paper.bid("bob", 30_00, { at: closesAt - 1 })).toMatchObject({ code: "CLOSED", data: { closesAt: closesAt + settleMs } });
  expect(lotWakeAt(paper.book)).toBe(undefined);
  paper.wakeUntil(Infinity);
  expect(paper.entries).toEqual(entries);
});

test("the settling time is the terms' own", () => {
  const paper = new PaperLot(english({ settleMs: 1_500 }));
  paper.wakeUntil(closesAt + 1_499);
  expect(paper.lot.closed).toBe(undefined);

  paper.wakeUntil(closesAt + 1_500);
  expect(paper.lot.closed?.at).toBe(closesAt + 1_500);
});

test("a lot without a bid, or below its reserve, ends with nobody having it", () => {
  const [empty, unmet] = [new PaperLot(english()), new PaperLot(english(), { reserve: 50_00 })];
  unmet.bid("ann", 40_00);

  for (const paper of [empty, unmet]) {
    paper.wakeUntil(Infinity);

    expect(paper.lot.closed).toMatchObject({ ending: "time" });
    expect(paper.lot.closed).not.toHaveProperty("sold");
  }
  expect(unmet.ask("own", "ann")).toMatchObject({ standing: "lost" });
});

test("outside of its last minutes a lot writes nothing down, and in them how long it was there for, unseen", () => {
  const paper = new PaperLot(english());
  const { shown } = paper;

  paper.wakeUntil(closesAt - 60_001);
  const { length } = paper.entries;
  paper.wakeUntil(closesAt);

  expect(length).toBe(2);
  expect(paper.entries).toHaveLength(2 + 11 + 9);
  expect(paper.entries.slice(2).every(({ change, shown: part }) => change.kind === "alive" && part === undefined)).toBe(true);
  expect(paper.shown).toEqual(shown);
});

test("a lot that was down from 30 s before its end to 30 s after it goes on for a whole window, and says why", () => {
  const paper = new PaperLot(english());
  paper.wakeUntil(closesAt - 30_000);

  paper.wake(closesAt + 30_000);

  expect(paper.shown.at(-1)).toEqual({ kind: "extended", closesAt: closesAt + 90_000, reason: "outage", at: closesAt + 30_000 });
  expect(paper.bid("ann", 20_00, { at: closesAt + 30_000 })).toMatchObject({ kind: "accepted" });
  paper.wakeUntil(Infinity);
  expect(paper.lot.closed).toMatchObject({ ending: "time", sold: { paddle: 1 }, at: closesAt + 90_000 + settleMs });
});

test("nobody loses more than 3 s at the end by an outage that moves nothing", () => {
  for (let beganAt = closesAt - 20_000; beganAt < closesAt - 3_000; beganAt += 100) {
    const paper = new PaperLot(english());
    paper.wakeUntil(beganAt);

    paper.wake(closesAt + settleMs + 2_000);

    expect([beganAt, paper.lot.extendedFor]).toEqual([beganAt, "outage"]);
  }
});

test("the window of an outage is the terms' own, or the extension's", () => {
  const extension = { windowMs: 30_000, byMs: 30_000 };
  for (const [terms, windowMs] of [
    [english({ extension }), 30_000],
    [english({ extension, outageWindowMs: 10_000 }), 10_000],
    [sealed({ outageWindowMs: 20_000 }), 20_000],
  ] as const) {
    const paper = new PaperLot(terms);

    paper.wake(closesAt + 5_000);

    expect(paper.lot.closesAt).toBe(closesAt + 5_000 + windowMs);
  }
});

test("an outage moves the end past a hard end too, which bounds bidders and not machines", () => {
  const paper = new PaperLot(english({ extension: { windowMs: 60_000, byMs: 60_000, hardEnd: closesAt } }));

  paper.wake(closesAt + 10_000);

  expect(paper.lot).toMatchObject({ closesAt: closesAt + 70_000, extendedFor: "outage" });
});

test("a wake that is late by 2 s is none of an outage, one later by a millisecond is", () => {
  for (const [lateMs, isOutage] of [
    [2_000, false],
    [2_001, true],
  ] as const) {
    const [inside, atEnd] = [new PaperLot(english()), new PaperLot(english())];
    inside.wake(closesAt - 60_000 + lateMs);
    atEnd.wakeUntil(closesAt);
    atEnd.wake(closesAt + settleMs + lateMs);

    expect(inside.lot.extendedFor).toBe(isOutage ? "outage" : undefined);
    expect(atEnd.lot.closed === undefined).toBe(isOutage);
  }
});

test("5 s of nothing before the last minutes change nothing", () => {
  const paper = new PaperLot(english());
  const before = lotWakeAt(paper.book);

  // A process that comes back finds that nothing was due.
  paper.wakeUntil(closesAt - 300_000);

  expect(before).toBe(closesAt - 60_000);
  paper.wakeUntil(Infinity);
  expect(paper.lot).toMatchObject({ extensions: 0, closed: { at: closesAt + settleMs } });
});

test("a lot that should have opened while all was down opens late, and past its end goes on for a window", () => {
  const [late, past] = [new PaperLot(), new PaperLot()];
  for (const paper of [late, past]) paper.list(english());

  late.wake(opensAt + 300_000);
  past.wake(closesAt + 1);

  expect(late.shown.map(({ kind }) => kind)).toEqual(["listed", "opened"]);
  expect(late.lot.closesAt).toBe(closesAt);
  expect(past.shown.map(({ kind }) => kind)).toEqual(["listed", "opened", "extended"]);
  expect(past.lot.closesAt).toBe(closesAt + 60_001);
});

test("a lot that opens late in its last minutes goes on for a whole window", () => {
  const paper = new PaperLot();
  paper.list(english());

  paper.wake(closesAt - 10_000);

  expect(paper.shown.map(({ kind }) => kind)).toEqual(["listed", "opened", "extended"]);
  expect(paper.lot).toMatchObject({ isOpened: true, closesAt: closesAt + 50_000, extendedFor: "outage" });
});

test("a lot that is only listed in its last minutes was not held up, with a bid or without", () => {
  for (const hasBid of [false, true]) {
    const paper = new PaperLot();
    paper.list(english(), {}, closesAt - 20_000);
    if (hasBid) paper.bid("ann", 20_00, { at: closesAt - 19_990 });

    paper.wake(closesAt - 19_980);
    paper.wakeUntil(Infinity);

    expect(paper.shown.some(({ kind }) => kind === "extended")).toBe(false);
    expect(paper.lot.closed?.at).toBe(closesAt + settleMs);
  }
});

test("a lot that is listed anew begins anew, though it was open, held or of another kind", () => {
  const paper = new PaperLot(live());
  paper.call("pause", undefined);

  paper.list(english({ opensAt: opensAt + 500_000 }), {}, opensAt + 10);

  expect(paper.lot).toMatchObject({ isOpened: false, isPaused: false, stage: "asking", closesAt });
  expect(paper.bid("ann", 20_00, { at: opensAt + 499_999 })).toMatchObject({ code: "NOT_OPEN" });
  paper.wakeUntil(opensAt + 500_000);
  expect(paper.bid("ann", 20_00, { at: opensAt + 500_000 })).toMatchObject({ kind: "accepted" });
});

test("a live lot opens by time, and ends by none", () => {
  const paper = new PaperLot();
  paper.list(live());

  expect(lotWakeAt(paper.book)).toBe(opensAt);
  paper.wakeUntil(opensAt);
  expect(paper.lot.isOpened).toBe(true);
  expect(lotWakeAt(paper.book)).toBe(undefined);
});

test("a lot that is not listed, or has ended, has no time to come, and does nothing then", () => {
  const ended = new PaperLot(english());
  ended.wakeUntil(Infinity);

  for (const paper of [new PaperLot(), ended]) {
    expect(lotWakeAt(paper.book)).toBe(undefined);
    expect(paper.wake(closesAt + dayMs).entries).toEqual([]);
  }
});

test("no call is forgotten until a day after the end", () => {
  const paper = new PaperLot(english());
  expect(lotCallsSince(paper.book, closesAt + 100 * dayMs)).toBe(0);
  paper.wakeUntil(Infinity);
  const endedAt = closesAt + settleMs;

  expect([endedAt, endedAt + dayMs - 1, endedAt + dayMs + 5].map((now) => lotCallsSince(paper.book, now))).toEqual([0, 0, endedAt + 5]);
});
