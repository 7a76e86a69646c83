import { auction, ebaySteps, type EnglishTerms, type Lot, type LotEntry, type ShownBid } from "nexios/auction";

const terms: EnglishTerms = {
  kind: "english",
  title: "Marine chronometer",
  about: "",
  currency: "EUR",
  opening: 100_00,
  steps: ebaySteps,
  opensAt: 1_000,
  closesAt: 100_000,
};

/** A lot after some entries, listed before them. */
export function lotAfter(...entries: readonly LotEntry[]): Lot {
  const listed: LotEntry = { kind: "listed", terms, minimum: terms.opening, reserve: "none", at: 0 };
  return [listed, ...entries].reduce((lot, entry) => auction.evolve(lot, entry), auction.initial());
}

/** A bid as it stands in the log; its moment is its number. */
export function bidEntry(number: number, paddle = 1): Extract<LotEntry, { kind: "bid" }> {
  return { kind: "bid", paddle, price: number * 100, leader: paddle, minimum: number * 100 + 100, reserve: "none", at: number };
}

/** The same as a state shows it. */
export function shownBid(number: number, paddle = 1): ShownBid {
  return { paddle, price: number * 100, leader: paddle, at: number, isRetraction: false };
}
