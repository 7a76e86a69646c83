import { expect, test } from "vitest";
import { largestAmount } from "./money.ts";
import { closesAt, dutch, english, live, opensAt, PaperLot, sealed } from "./paper-lot.fixture.ts";
import { findTermsFault, type SecretTerms, type Terms } from "./terms.ts";

const yearMs = 366 * 24 * 3_600_000;
const extension = { windowMs: 60_000, byMs: 60_000 };

const bad: readonly [string, Terms, SecretTerms?][] = [
  ["a currency of small letters", english({ currency: "eur" })],
  ["no unit", english({ unit: 0 })],
  ["a unit below 0", english({ unit: -1 })],
  ["a fraction as a unit", english({ unit: 0.5 })],
  ["an opening of 0", english({ opening: 0 })],
  ["an opening below 0", live({ opening: -5 })],
  ["a fraction as an opening", sealed({ opening: 0.1 + 0.2 })],
  ["an opening that is no number", english({ opening: NaN })],
  ["an opening above all sums", dutch({ opening: largestAmount + 1 })],
  ["an opening that is no multiple of the unit", sealed({ unit: 7 })],
  ["a reserve of 0", english(), { reserve: 0 }],
  ["a fraction as a reserve", english(), { reserve: 20_00.5 }],
  ["a reserve that is no multiple of the unit", sealed({ unit: 10 }), { reserve: 20_05 }],
  ["a seller without a name", english(), { sellerId: "" }],
  ["no title", english({ title: " " })],
  ["a title of 201 characters", english({ title: "x".repeat(201) })],
  ["a text of 4,001 characters", english({ about: "x".repeat(4_001) })],
  ["a place 0 in its sale", english({ sale: { id: "s1", number: 0 } })],
  ["a fraction as a place in its sale", english({ sale: { id: "s1", number: 1.5 } })],
  ["a sale that can have no list", english({ sale: { id: "spring sale", number: 1 } })],
  ["a sale without a name", english({ sale: { id: "", number: 1 } })],
  ["an opening time that no calendar has", live({ opensAt: 9e15 })],
  ["a hard end that no calendar has", english({ extension: { ...extension, hardEnd: 9e15 } })],
  ["an opening time below 0", english({ opensAt: -1 })],
  ["a fraction as an opening time", live({ opensAt: 0.5 })],
  ["a settling time below 0", live({ settleMs: -1 })],
  ["a settling time of more than a year", english({ settleMs: yearMs + 1 })],
  ["an end at its opening", english({ closesAt: opensAt })],
  ["a fraction as an end", sealed({ closesAt: closesAt + 0.5 })],
  ["more than a year", dutch({ closesAt: opensAt + yearMs + 1 })],
  ["an outage's window of 0", english({ outageWindowMs: 0 })],
  ["a fixed price below the opening", english({ buyNow: 9_99 })],
  ["a fixed price below the reserve", english({ buyNow: 19_99 }), { reserve: 20_00 }],
  ["an extension's window of 0", english({ extension: { ...extension, windowMs: 0 } })],
  ["an extension by 0", english({ extension: { ...extension, byMs: 0 } })],
  ["a fraction as an extension", english({ extension: { ...extension, byMs: 0.5 } })],
  ["a hard end before the end", english({ extension: { ...extension, hardEnd: closesAt - 1 } })],
  ["no extension at most", english({ extension: { ...extension, most: 0 } })],
  ["a retraction below 0", english({ retraction: { allUntilMs: -1, newestForMs: 5 } })],
  ["a fraction as a retraction", live({ retraction: { allUntilMs: 5, newestForMs: 0.5 } })],
  ["no steps", english({ steps: [] })],
  ["no steps in a live sale", live({ steps: [] })],
  ["steps that are no multiples of the unit", english({ unit: 10 })],
  ["a drop of 0", dutch({ dropBy: 0 })],
  ["a fraction as a drop", dutch({ dropBy: 0.5 })],
  ["a lowest price of 0", dutch({ lowest: 0 })],
  ["a lowest price above the opening", dutch({ lowest: 10_01 })],
  ["drops each 0 ms", dutch({ everyMs: 0 })],
  ["a reserve beside its lowest price", dutch(), { reserve: 5_00 }],
  ["another price to pay", sealed({ pays: "third" as "first" })],
];

test.each(bad)("a lot with %s is not listed, and the reason is a sentence", (_what, terms, secret = {}) => {
  const told = new PaperLot().list(terms, secret);

  expect(told).toMatchObject({ code: "INVALID_TERMS", data: { fault: expect.stringMatching(/^.{10,120}$/) } });
});

test.each<[string, Terms, SecretTerms?]>([
  ["a title of 200 characters", english({ title: "x".repeat(200), about: "x".repeat(4_000) })],
  ["no settling time", english({ settleMs: 0 })],
  ["a year", english({ closesAt: opensAt + yearMs })],
  ["a hard end at its end", english({ extension: { ...extension, hardEnd: closesAt, most: 1 } })],
  ["a fixed price at the opening and the reserve", english({ buyNow: 10_00 }), { reserve: 10_00 }],
  ["a reserve below the opening", english(), { reserve: 1 }],
  ["the largest sums", sealed({ opening: largestAmount }), { reserve: largestAmount }],
  ["a lowest price at the opening", dutch({ lowest: 10_00 })],
])("a lot with %s can be listed", (_what, terms, secret = {}) => {
  expect(findTermsFault(terms, secret)).toBe(undefined);
});

test("a lot whose end has passed is not listed, one that is open already is", () => {
  expect(new PaperLot().list(english(), {}, closesAt)).toMatchObject({ code: "INVALID_TERMS", data: { fault: "closesAt must be to come" } });
  expect(new PaperLot().list(english(), {}, closesAt - 1)).toMatchObject({ kind: "accepted" });
});

test("nothing of what is secret is in what a listing shows, but that there is a reserve", () => {
  const paper = new PaperLot(english(), { reserve: 77_31, sellerId: "sal" });

  expect(JSON.stringify([paper.shown, paper.lot])).not.toMatch(/7731|sal/);
  expect(paper.lot.reserve).toBe("unmet");
  expect(paper.ask("secret", "sue", true)).toEqual({ reserve: 77_31, sellerId: "sal" });
  expect(paper.ask("secret", "ann")).toMatchObject({ kind: "refused", code: "NOT_THE_AUCTIONEER" });
});

test("a lot that is listed anew stays in its sale, at another place perhaps", () => {
  const paper = new PaperLot(english({ sale: { id: "spring", number: 1 } }));
  const faults = [english({ sale: { id: "autumn", number: 1 } }), english()].map((terms) => paper.list(terms, {}, opensAt).data);

  expect(faults).toEqual([{ fault: "a lot stays in its sale" }, { fault: "a lot stays in its sale" }]);
  expect(paper.list(english({ sale: { id: "spring", number: 2 } }), {}, opensAt)).toMatchObject({ kind: "accepted" });
});

test("a lot is listed anew until its first bid, even one that was taken back", () => {
  const paper = new PaperLot(english({ retraction: { allUntilMs: 5, newestForMs: 5 } }), { reserve: 50_00 });

  expect(paper.list(english({ opening: 5_00 }), {}, opensAt)).toMatchObject({ kind: "accepted" });
  expect(paper.lot).toMatchObject({ minimum: 5_00, reserve: "none" });
  paper.bid("ann", 20_00);
  expect(paper.list(english(), {}, opensAt)).toMatchObject({ code: "HAS_BIDS" });
});
