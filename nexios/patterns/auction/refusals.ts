import { type Refused, refuse } from "nexios/contract";
import type { Next } from "./contract.ts";
import { type Amount, findAmountFault } from "./money.ts";
import { type Book, bidderOf } from "./state.ts";
import { defaultTerms, type Moment } from "./terms.ts";

/** A no by one of the codes that several calls declare. */
export type No = Refused<{ readonly [code: string]: unknown }>;

/** What is known of a bid beside its sum. */
export interface BidFacts {
  readonly userId: string;
  /** When it arrived at the server. */
  readonly receivedAt: Moment;
  /** What the bidder's own log said; absent where bids are not limited. */
  readonly held?: Held;
  /** Shown with the bid. */
  readonly name?: string;
  /** It comes from the room, by the auctioneer. */
  readonly isFloor?: boolean;
  /** False: the bidder may watch, and not bid. */
  readonly isRegistered?: boolean;
}

/** What a bidder's own log holds for a bid. `skipped`: nothing, since the bid could not have been taken when it came. */
export type Held =
  | { readonly kind: "held"; readonly number: number }
  | { readonly kind: "refused"; readonly limit: Amount; readonly available: Amount }
  | { readonly kind: "skipped" };

/** How much may be in a lot's book. */
export interface BookLimits {
  readonly bidders: number;
  readonly bidsPerBidder: number;
  /** Of all bidders: what a book with more costs to keep and to make anew would hold up others. */
  readonly bids: number;
}
export const defaultBookLimits: BookLimits = { bidders: 10_000, bidsPerBidder: 1_000, bids: 100_000 };

/** Who bids in the room has a place in the book under such an id; nobody else gets one. */
export const floorPrefix = "nexios/floor/";

/** Refuses what comes before, between or after. */
export function refuseTime({ lot }: Book, receivedAt: Moment): No | undefined {
  const { terms, closed, closesAt = Infinity, isOpened, isPaused } = lot;
  if (terms === undefined) return refuse("NOT_LISTED");
  if (closed !== undefined) return refuse("CLOSED", { closesAt: closed.at });
  if (receivedAt >= closesAt) return refuse("CLOSED", { closesAt });
  // A live lot is opened by the auctioneer's first word, but takes bids in advance from `opensAt` on.
  if (receivedAt < terms.opensAt && !isOpened) return refuse("NOT_OPEN", { opensAt: terms.opensAt });
  return isPaused ? refuse("PAUSED", nextOf({ lot })) : undefined;
}

/** Refuses what is no sum of the lot's currency. */
export function refuseSum({ lot }: Pick<Book, "lot">, sum: unknown, currency: unknown): No | undefined {
  const { terms } = lot;
  if (terms === undefined) return undefined;
  if (currency !== terms.currency) return refuse("WRONG_CURRENCY", nextOf({ lot }));
  const { unit = defaultTerms.unit } = terms;
  const fault = findAmountFault(sum, unit);
  return fault === undefined ? undefined : refuse("INVALID_AMOUNT", { ...nextOf({ lot }), fault, unit });
}

/** Refuses who may not bid. */
export function refusePerson({ lot, secret }: Book, { userId, isFloor = false, isRegistered = true }: BidFacts): No | undefined {
  if (userId === secret.sellerId) return refuse("SELLER");
  return !isRegistered || userId.startsWith(floorPrefix) !== isFloor ? refuse("NOT_REGISTERED", nextOf({ lot })) : undefined;
}

/** Refuses a bid whose money is not held, or for which the book has no place. It is looked up last: most bids of a crowd are too low. */
export function refuseUnbacked(book: Book, { userId, held }: BidFacts, { bidders, bidsPerBidder, bids }: BookLimits): No | undefined {
  const next = nextOf(book);
  if (held?.kind === "refused") return refuse("LIMIT_REACHED", { ...next, limit: held.limit, available: held.available });
  if (held?.kind === "skipped") return refuse("HOLD_RELEASED", next);
  if (book.numbers >= bids) return refuse("TOO_MANY_BIDS", { limit: bids });
  const bidder = bidderOf(book, userId);
  if (bidder === undefined && book.bidders.length >= bidders) return refuse("TOO_MANY_BIDS", { limit: bidders });
  // Those that were taken back count too: each stays in the log.
  if (bidder !== undefined && bidder.taken >= bidsPerBidder) return refuse("TOO_MANY_BIDS", { limit: bidsPerBidder });
  return held !== undefined && bidder !== undefined && held.number <= bidder.voidUpTo ? refuse("HOLD_RELEASED", next) : undefined;
}

/** What somebody needs to bid again. */
export function nextOf({ lot }: Pick<Book, "lot">): Next {
  return { minimum: lot.minimum, currency: lot.terms?.currency ?? "" };
}
