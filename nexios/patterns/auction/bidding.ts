import { accept, type Decision, refuse } from "nexios/contract";
import type { Auction, BidResult, LotEntry } from "./contract.ts";
import { dutchPriceAt } from "./dutch.ts";
import type { Amount } from "./money.ts";
import { type BidFacts, defaultBookLimits, floorPrefix, nextOf, refusePerson, refuseSum, refuseTime, refuseUnbacked } from "./refusals.ts";
import { acceptRising, shownOf } from "./rising.ts";
import { type BidChange, type Book, type BookedBid, bidderOf, biddersWithout, type Change, type Draft, ownOf, paddleFor, replay, rulesOf } from "./state.ts";
import { defaultTerms, type Moment, type Terms } from "./terms.ts";

/** A decision on a lot, before its entries are sealed. */
export type Drafted<Name extends "bid" | "buyNow" | "retract"> = Decision<Auction, Name, Draft>;

/** Judges a bid by the time of its arrival, half open: `[opensAt, closesAt)`. Pure. */
export function decideBid(
  book: Book,
  { maximum, currency }: { readonly maximum: unknown; readonly currency: unknown },
  facts: BidFacts,
  limits = defaultBookLimits,
): Drafted<"bid"> {
  const { lot, standing } = book;
  const { terms } = lot;
  const no = refuseTime(book, facts.receivedAt) ?? refusePerson(book, facts) ?? refuseSum(book, maximum, currency);
  if (no !== undefined || terms === undefined) return (no ?? refuse("NOT_LISTED")) as Drafted<"bid">;
  // The sum has been checked just now.
  const sum = maximum as Amount;
  const next = nextOf(book);
  const bid = toChange(sum, facts);
  const backing = (): Drafted<"bid"> | undefined => refuseUnbacked(book, facts, limits) as Drafted<"bid"> | undefined;
  if (terms.kind === "dutch") {
    const price = dutchPriceAt(terms, facts.receivedAt);
    // Never above the price that the bidder has seen.
    if (sum < price) return refuse("BID_TOO_LOW", { minimum: price, currency: terms.currency });
    return backing() ?? takeAt(book, { price, ending: "taken" }, bid, facts);
  }
  if (terms.kind === "sealed") {
    if (sum < terms.opening) return refuse("BID_TOO_LOW", next);
    return backing() ?? accept({ change: bid }, { paddle: 0, maximum: sum, standing: "sealed", price: 0, minimum: terms.opening });
  }
  if (standing.leader === facts.userId) {
    if (sum <= standing.best) return refuse("NOT_A_RAISE", { ...next, minimum: standing.best + (terms.unit ?? defaultTerms.unit), maximum: standing.best });
  } else {
    if (terms.kind === "english" && terms.least === "any") {
      if (sum < terms.opening) return refuse("BID_TOO_LOW", next);
      const own = bidderOf(book, facts.userId)?.bids.findLast(({ isVoid }) => isVoid !== true)?.maximum ?? 0;
      if (sum <= own) return refuse("NOT_A_RAISE", { ...next, maximum: own });
    } else if (sum < lot.minimum) return refuse("BID_TOO_LOW", next);
    if (terms.equal === "refuse" && sum === standing.best) return refuse("EQUAL_MAXIMUM", next);
  }
  return backing() ?? acceptRising(book, terms, terms.kind === "live" ? { ...bid, asked: facts.isFloor === true ? sum : lot.minimum } : bid, facts);
}

/** Takes the lot at its fixed price. Pure. */
export function decideBuyNow(
  book: Book,
  { price, currency }: { readonly price: unknown; readonly currency: unknown },
  facts: BidFacts,
  limits = defaultBookLimits,
): Drafted<"buyNow"> {
  const { terms } = book.lot;
  const no = refuseTime(book, facts.receivedAt) ?? refusePerson(book, facts) ?? refuseSum(book, price, currency);
  if (no !== undefined || terms === undefined) return (no ?? refuse("NOT_LISTED")) as Drafted<"buyNow">;
  const next = nextOf(book);
  if (terms.kind !== "english" || terms.buyNow === undefined || book.lot.bids > 0) return refuse("BUY_NOW_GONE", next);
  // What the bidder saw is not what it costs any more.
  if (price !== terms.buyNow) return refuse("BID_TOO_LOW", { ...next, minimum: terms.buyNow });
  const unbacked = refuseUnbacked(book, facts, limits);
  if (unbacked !== undefined) return unbacked as Drafted<"buyNow">;
  return takeAt(book, { price: terms.buyNow, ending: "buy-now" }, toChange(terms.buyNow, facts), facts);
}

/** Takes a bid back: the price is made anew without it, and may fall. Pure. */
export function decideRetract(book: Book, { userId, receivedAt }: Pick<BidFacts, "userId" | "receivedAt">): Drafted<"retract"> {
  const { lot } = book;
  const { terms } = lot;
  const no = refuseTime(book, receivedAt);
  if (no !== undefined || terms === undefined) return (no ?? refuse("NOT_LISTED")) as Drafted<"retract">;
  // What was bid in the room is in the book under an id that a user might bear.
  const bids = userId.startsWith(floorPrefix) ? [] : (bidderOf(book, userId)?.bids ?? []);
  const newest = bids.at(-1);
  if (newest === undefined) return refuse("NO_BID");
  if (terms.kind === "sealed")
    return accept(
      { change: { kind: "retracted", bidder: userId, which: "all" } },
      { paddle: 0, maximum: 0, standing: "none", price: 0, minimum: terms.opening },
    );
  const which = retractable(terms, newest, lot.closesAt, receivedAt);
  if (which === undefined) return refuse("NOT_RETRACTABLE");
  const bidders = biddersWithout(book.bidders, userId, which);
  const standing = replay(rulesOf(book), bidders);
  const shown = shownOf({ ...book, bidders }, standing, { kind: "retracted", paddle: paddleFor(book, userId), at: receivedAt });
  // What nobody has seen, nobody sees go.
  const isSeen = standing.price !== book.standing.price || standing.leader !== book.standing.leader;
  const change: Change = { kind: "retracted", bidder: userId, which };
  const after: Book = { ...book, bidders, standing };
  const { paddle, maximum, standing: own } = ownOf(after, userId);
  const result: BidResult = { paddle, maximum, standing: own, price: standing.price, minimum: isSeen ? shown.minimum : lot.minimum };
  return accept(isSeen ? { change, shown } : { change }, result);
}

/** The lot is the bidder's, at a price that is not above his. */
function takeAt(
  book: Book,
  { price, ending }: { readonly price: Amount; readonly ending: "taken" | "buy-now" },
  change: BidChange,
  { userId, name, receivedAt: at }: BidFacts,
): Drafted<"bid"> {
  const paddle = paddleFor(book, userId);
  const reserve = book.secret.reserve === undefined ? "none" : "met";
  const shown: LotEntry = { kind: "bid", paddle, ...(name !== undefined && { name }), price, leader: paddle, minimum: price, reserve, at };
  const end: LotEntry = { kind: "closed", ending, sold: { paddle, price }, seal: "", at };
  const result: BidResult = { paddle, maximum: change.maximum, standing: "won", price, minimum: price };
  const drafts: readonly Draft[] = [
    { change, shown },
    { change: { kind: "shown" }, shown: end },
  ];
  return accept(drafts, result);
}

/** What of a bidder's bids may still be taken back. */
function retractable(terms: Terms, newest: BookedBid, closesAt: Moment | undefined, at: Moment): "all" | "newest" | undefined {
  if (terms.kind === "dutch" || terms.kind === "sealed" || terms.retraction === undefined) return undefined;
  const { allUntilMs, newestForMs } = terms.retraction;
  // A live lot has no end to count from: the newest may go for a while.
  if (closesAt !== undefined && at < closesAt - allUntilMs) return "all";
  return at < newest.at + newestForMs ? "newest" : undefined;
}

function toChange(maximum: Amount, { userId, receivedAt, held }: BidFacts): BidChange {
  return { kind: "bid", bidder: userId, maximum, at: receivedAt, ...(held?.kind === "held" && { hold: held.number }) };
}
