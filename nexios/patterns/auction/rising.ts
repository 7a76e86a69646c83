import { accept, type Accepted } from "nexios/contract";
import type { BidResult, LotEntry } from "./contract.ts";
import type { Amount } from "./money.ts";
import type { BidFacts } from "./refusals.ts";
import type { Standing } from "./proxy.ts";
import { type BidChange, bidderOf, type Book, type Draft, paddleFor, standingWith } from "./state.ts";
import { stepAt } from "./steps.ts";
import type { EnglishTerms, Extension, LiveTerms, Moment, Terms } from "./terms.ts";

/** What the next bid of somebody who does not lead must reach. */
export function minimumAt(terms: Terms, price: Amount): Amount {
  return price === 0 || terms.kind === "dutch" || terms.kind === "sealed" ? terms.opening : price + stepAt(terms.steps, price);
}

/** What a rising lot shows after a change of its standing. */
export function shownOf(
  book: Book,
  standing: Standing,
  told: { readonly kind: "bid" | "retracted"; readonly paddle: number; readonly name?: string; readonly at: Moment },
): Extract<LotEntry, { kind: "bid" | "retracted" }> {
  const { lot, secret } = book;
  const leader = standing.leader === "" ? 0 : paddleFor(book, standing.leader);
  const minimum = lot.terms === undefined ? 0 : minimumAt(lot.terms, standing.price);
  return {
    ...told,
    price: standing.price,
    leader,
    minimum,
    reserve: secret.reserve === undefined ? "none" : standing.best >= secret.reserve ? "met" : "unmet",
  };
}

/** Takes a bid on a rising lot. What changes nothing that is seen is shown to nobody. */
export function acceptRising(book: Book, terms: EnglishTerms | LiveTerms, bid: BidChange, { userId, name, receivedAt }: BidFacts): Accepted<Draft, BidResult> {
  const { lot } = book;
  const standing = standingWith(book, bid);
  const paddle = paddleFor(book, userId);
  const shown = shownOf(withPaddle(book, userId, paddle), standing, { kind: "bid", paddle, ...(name !== undefined && { name }), at: receivedAt });
  const isSeen = standing.price !== book.standing.price || standing.leader !== book.standing.leader;
  const closesAt = terms.kind === "english" && userId !== book.standing.leader ? extendedEnd(lot, terms, receivedAt) : undefined;
  const result: BidResult = {
    // Who is not seen has none yet.
    paddle: isSeen ? paddle : (bidderOf(book, userId)?.paddle ?? 0),
    maximum: Math.max(bid.maximum, standing.leader === userId ? standing.best : 0),
    standing: standing.leader === userId ? "leading" : "outbid",
    price: standing.price,
    minimum: isSeen ? shown.minimum : lot.minimum,
  };
  if (!isSeen) return accept({ change: bid }, result);
  return accept({ change: bid, shown: closesAt === undefined ? shown : ({ ...shown, closesAt } as LotEntry) }, result);
}

/** The bidder may be new: he is shown under the paddle that he gets by this bid. */
function withPaddle(book: Book, id: string, paddle: number): Book {
  const bidder = bidderOf(book, id) ?? { id, paddle, bids: [], taken: 0, voidUpTo: 0 };
  return { ...book, bidders: [{ ...bidder, paddle }, ...book.bidders.filter((other) => other.id !== id)] };
}

/** The later end that a bid of another makes; `undefined` if it makes none. */
function extendedEnd({ closesAt, bidExtensions }: Book["lot"], { extension }: EnglishTerms, receivedAt: Moment): Moment | undefined {
  if (extension === undefined || closesAt === undefined) return undefined;
  const { windowMs, byMs, hardEnd = Infinity, most = Infinity }: Extension = extension;
  if (receivedAt < closesAt - windowMs || bidExtensions >= most) return undefined;
  const end = Math.min(Math.max(closesAt, receivedAt + byMs), hardEnd);
  return end > closesAt ? end : undefined;
}
