import { expect, test } from "vitest";
import { auction, type Lot } from "./contract.ts";
import { isUnusual, minimumFor, phaseOf, quickBids, timeLeftOf } from "./phase.ts";
import { ebaySteps } from "./steps.ts";
import type { DutchTerms, EnglishTerms } from "./terms.ts";

const facts = { opensAt: 1_000, closesAt: 5_000, isOpened: true, isPaused: false, isExtended: false };
const english: EnglishTerms = { kind: "english", title: "Clock", about: "", currency: "EUR", opening: 100, steps: ebaySteps, opensAt: 1_000, closesAt: 5_000 };
const dutch: DutchTerms = {
  kind: "dutch",
  title: "Clock",
  about: "",
  currency: "EUR",
  opening: 1_000,
  lowest: 400,
  dropBy: 100,
  everyMs: 1_000,
  opensAt: 1_000,
  closesAt: 20_000,
};
const lot: Lot = { ...auction.initial(), terms: english, minimum: 100 };

test.for([
  ["unlisted", { ...facts, opensAt: undefined }, 0],
  ["scheduled", { ...facts, isOpened: false }, 999],
  ["open", { ...facts, isOpened: false }, 1_000],
  ["open", facts, 4_999],
  ["closing", facts, 5_000],
  ["extended", { ...facts, isExtended: true }, 4_999],
  ["paused", { ...facts, isPaused: true }, 2_000],
  ["sold", { ...facts, closed: { ending: "time", sold: { paddle: 1, price: 100 } } }, 2_000],
  ["passed", { ...facts, closed: { ending: "time" } }, 9_000],
  ["withdrawn", { ...facts, closed: { ending: "withdrawn" } }, 2_000],
] as const)("a lot is %s", ([phase, given, now]) => {
  expect(phaseOf(given, now)).toBe(phase);
});

test("a countdown shows whole seconds, 0 at the end and not before, and runs to the opening of what is not open", () => {
  const at = (now: number) => timeLeftOf(facts, phaseOf(facts, now), { now, bound: 7 });
  const before = { ...facts, isOpened: false };

  expect([at(1_000), at(4_999), at(5_000)].map((left) => left?.seconds)).toEqual([4, 1, 0]);
  expect(timeLeftOf(before, phaseOf(before, 0), { now: 0, bound: 7 })).toEqual({ ms: 1_000, seconds: 1, boundMs: 7 });
});

test("what ends by no clock, and what is over, has no countdown", () => {
  const live = { opensAt: 1_000, isOpened: true, isPaused: false, isExtended: false };
  const over = { ...facts, closed: { ending: "time" } as const };

  expect(timeLeftOf(live, phaseOf(live, 2_000), { now: 2_000, bound: 1 })).toBeUndefined();
  expect(timeLeftOf(over, phaseOf(over, 2_000), { now: 2_000, bound: 1 })).toBeUndefined();
});

test("who leads raises his own maximum, others the price; a Dutch lot costs what the clock says", () => {
  const leading = { paddle: 1, maximum: 500, standing: "leading" } as const;

  expect(minimumFor(lot, undefined, 0)).toBe(100);
  expect(minimumFor(lot, leading, 0)).toBe(501);
  expect([0, 1_999, 2_000, 6_999, 7_000, 19_000].map((now) => minimumFor({ ...lot, terms: dutch }, undefined, now))).toEqual([
    1_000, 1_000, 900, 500, 400, 400,
  ]);
});

test("the next bids are steps by the table, and of a lot that does not rise there is one", () => {
  expect(quickBids(lot, 95)).toEqual([95, 100, 125]);
  expect(quickBids({ ...lot, terms: dutch }, 900)).toEqual([900]);
});

test("ten times the minimum is asked about", () => {
  expect([999, 1_000].map((bid) => isUnusual(bid, 100))).toEqual([false, true]);
});
