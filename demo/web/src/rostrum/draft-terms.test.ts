import { ebaySteps } from "nexios/auction";
import { expect, test } from "vitest";
import { type DraftPlace, toTerms } from "./draft-terms.ts";
import { emptyDraft, type LotDraft, stepsIn, toDraft } from "./lot-draft.ts";

const place: DraftPlace = { now: 1_800_000_000_000, sellerId: "ann", sale: { id: "main", number: 3 } };
const draft: LotDraft = { ...emptyDraft, title: " Walnut bookcase ", about: "Sound.", opening: "1,200.50" };

test("an English lot: sums in cents, times from now on, the reserve and the seller apart", () => {
  const outcome = toTerms({ ...draft, reserve: "1,500", buyNow: "4,000" }, place);

  expect(outcome).toEqual({
    kind: "terms",
    terms: {
      kind: "english",
      title: "Walnut bookcase",
      about: "Sound.",
      currency: "EUR",
      opening: 1_200_50,
      opensAt: place.now,
      closesAt: place.now + 300_000,
      sale: place.sale,
      steps: ebaySteps,
      buyNow: 4_000_00,
      extension: { windowMs: 60_000, byMs: 60_000 },
      retraction: { allUntilMs: 43_200_000, newestForMs: 60_000 },
    },
    secret: { sellerId: "ann", reserve: 1_500_00 },
  });
});

test.for([
  { ...draft, kind: "live", mayRetract: false },
  { ...draft, kind: "dutch", dropBy: "10.00", lowest: "100.00", everySeconds: "5" },
  { ...draft, kind: "sealed", pays: "first", reserve: "2,000.00" },
  { ...draft, steps: "own", ownSteps: "0 1.00\n100.00 5.00", extendSeconds: "0" },
] as const)("what is listed comes back into the fields as it was written: $kind", (written) => {
  const first = toTerms(written, place);
  if (first.kind === "faults") throw new Error(JSON.stringify(first.faults));

  const again = toTerms(toDraft(first.terms, first.secret), place);

  expect(again).toEqual(first);
});

test("yen have no cents: a house's steps and sums are whole", () => {
  const outcome = toTerms({ ...draft, currency: "JPY", opening: "1,500" }, place);

  expect(outcome).toMatchObject({ kind: "terms", terms: { opening: 1_500 } });
  expect(stepsIn(ebaySteps, "JPY").slice(0, 4)).toEqual([
    { from: 0, step: 1 },
    { from: 1, step: 1 },
    { from: 5, step: 1 },
    { from: 25, step: 1 },
  ]);
  expect(stepsIn(ebaySteps, "KWD")[1]).toEqual({ from: 1_000, step: 250 });
});

test("each field says what is wrong with it, and nothing is listed", () => {
  const outcome = toTerms(
    { ...draft, title: " ", opening: "much", minutes: "0", extendSeconds: "-1", steps: "own", ownSteps: "5 1\n1 1", buyNow: "1.2.3" },
    place,
  );

  expect(outcome.kind).toBe("faults");
  expect(outcome.kind === "faults" && Object.keys(outcome.faults).toSorted()).toEqual(["buyNow", "extendSeconds", "minutes", "opening", "ownSteps", "title"]);
});

test("a price that contradicts where the lot starts, or its reserve, is said at its field", () => {
  const bought = toTerms({ ...draft, opening: "100", reserve: "500", buyNow: "499.99" }, place);
  const fallen = toTerms({ ...draft, kind: "dutch", opening: "100", dropBy: "10", lowest: "100.01" }, place);

  expect(bought).toMatchObject({ kind: "faults", faults: { buyNow: "At least where it starts, and at least the reserve." } });
  expect(fallen).toMatchObject({ kind: "faults", faults: { lowest: "Not above where it starts." } });
});

test("an end that is over is not listed", () => {
  const outcome = toTerms({ ...draft, opensAt: "2020-01-01T12:00" }, place);

  expect(outcome).toMatchObject({ kind: "faults", faults: { opensAt: "That time is over, or before the opening." } });
});
