import { type Lot, type LotEntry, type Own, auction } from "./contract.ts";
import type { Amount } from "./money.ts";
import { type Maximum, noStanding, place, placeAll, type PriceRules, type Standing } from "./proxy.ts";
import type { Moment, SecretTerms } from "./terms.ts";

/** What happens to a lot, as only the server knows it. */
export type Change =
  /** `salt`: known to nobody, so that no secret is found by trying what gives the seal that is printed in the end. */
  | { readonly kind: "listed"; readonly secret: SecretTerms; readonly salt: string }
  /** `hold`: the number under which the bidder's own log holds the sum. */
  | { readonly kind: "bid"; readonly bidder: string; readonly maximum: Amount; readonly asked?: Amount; readonly at: Moment; readonly hold?: number }
  | { readonly kind: "retracted"; readonly bidder: string; readonly which: "all" | "newest" }
  /** Holds of the user up to the number are let go. */
  | { readonly kind: "voided"; readonly userId: string; readonly upTo: number }
  /** The lot could be bid for at this time. */
  | { readonly kind: "alive"; readonly at: Moment }
  /** Nothing secret about it. */
  | { readonly kind: "shown" };

export type BidChange = Extract<Change, { readonly kind: "bid" }>;

/** A change, and what of it everybody may know. */
export interface Draft {
  readonly change: Change;
  readonly shown?: LotEntry;
}

/** A draft in its place: `seal` is the hash over the seal before it and its own content. */
export interface BookEntry extends Draft {
  readonly seal: string;
}

/** A maximum in the book. */
export interface BookedBid {
  /** Counts all bids of the lot from 1. */
  readonly number: number;
  readonly maximum: Amount;
  readonly asked?: Amount;
  readonly at: Moment;
  readonly hold?: number;
  /** Its money is let go: no retraction brings it back. */
  readonly isVoid?: true;
}

/** Somebody who has bid, or has held money to. */
export interface Bidder {
  readonly id: string;
  /** 0 until a bid of his is seen. */
  readonly paddle: number;
  /** Those that are not retracted, the first one first. */
  readonly bids: readonly BookedBid[];
  /** Bids that were ever taken from him. */
  readonly taken: number;
  /** Holds up to this number are let go. */
  readonly voidUpTo: number;
}

/** All that the server knows of a lot. */
export interface Book {
  readonly lot: Lot;
  readonly secret: SecretTerms;
  readonly standing: Standing;
  readonly bidders: readonly Bidder[];
  readonly paddles: number;
  /** Bids that were ever taken. */
  readonly numbers: number;
  /** When it was last seen to be alive inside its last minutes. */
  readonly aliveAt: Moment;
  readonly seal: string;
}

export const emptyBook: Book = {
  lot: auction.initial(),
  secret: {},
  standing: noStanding,
  bidders: [],
  paddles: 0,
  numbers: 0,
  aliveAt: 0,
  seal: "",
};

/** The book after an entry. */
export function evolveBook(book: Book, entry: BookEntry): Book {
  const { change, shown, seal } = entry;
  const changed = evolveChange(book, change, shown);
  const revealed = revealEntry(entry);
  return { ...changed, lot: revealed === undefined ? book.lot : auction.evolve(book.lot, revealed), seal };
}

/** What everybody may know of an entry. The end bears the seal of its own entry. */
export function revealEntry({ shown, seal }: BookEntry): LotEntry | undefined {
  return shown?.kind === "closed" ? { ...shown, seal } : shown;
}

/** The rules of the lot's price. @throws TypeError for a lot whose price does not rise */
export function rulesOf({ lot: { terms }, secret }: Book): PriceRules {
  if (terms?.kind !== "english" && terms?.kind !== "live") throw new TypeError("Only the price of an English or a live lot rises");
  return { opening: terms.opening, steps: terms.steps, reserve: secret.reserve };
}

/** The standing after one more maximum. */
export function standingWith(book: Book, maximum: Maximum): Standing {
  return place(rulesOf(book), book.standing, maximum);
}

/** The bidders without what somebody retracts. */
export function biddersWithout(bidders: readonly Bidder[], bidderId: string, which: "all" | "newest"): readonly Bidder[] {
  return bidders.map((bidder) => (bidder.id === bidderId ? { ...bidder, bids: which === "all" ? [] : bidder.bids.slice(0, -1) } : bidder));
}

/**
 * The standing that all bids of a book make anew, one after the other. One whose money is let go can't lead; it was bid all the same, and holds up the price of who has bid
 * as much: otherwise anybody's retraction would take it back too.
 */
export function replay(rules: PriceRules, bidders: readonly Bidder[]): Standing {
  const bids = bidders.flatMap(({ id, bids: own }) => own.map((bid) => ({ ...bid, bidder: id })));
  const standing = placeAll(
    rules,
    bids.filter(({ isVoid }) => isVoid !== true).toSorted((a, b) => a.number - b.number),
  );
  const outbid = bids.filter(({ isVoid, bidder, maximum }) => isVoid === true && bidder !== standing.leader && maximum <= standing.best);
  return outbid.reduce((after, { bidder, maximum }) => place(rules, after, { bidder, maximum }), standing);
}

/** Somebody in the book. */
export function bidderOf({ bidders }: Book, id: string): Bidder | undefined {
  return bidders.find((bidder) => bidder.id === id);
}

/** The paddle that somebody has, or would get. */
export function paddleFor(book: Book, id: string): number {
  return bidderOf(book, id)?.paddle || book.paddles + 1;
}

/** Where somebody stands. */
export function ownOf(book: Book, userId: string, bidder = bidderOf(book, userId)): Own {
  const { lot, standing } = book;
  const maximum = bidder?.bids.at(-1)?.maximum ?? 0;
  const isFirst = standing.leader === userId;
  const isWon = isFirst && lot.closed?.sold !== undefined;
  // The number of a sealed lot's bidder would tell how many came before him.
  const paddle = lot.terms?.kind === "sealed" ? Number(isWon) : (bidder?.paddle ?? 0);
  if (bidder === undefined || bidder.bids.length === 0) return { paddle, maximum: 0, standing: "none" };
  if (lot.closed !== undefined) return { paddle, maximum, standing: isWon ? "won" : "lost" };
  // Who leads a sealed lot is nobody's business before its end, not even the leader's.
  if (lot.terms?.kind === "sealed") return { paddle, maximum, standing: "sealed" };
  return { paddle, maximum, standing: isFirst ? "leading" : "outbid" };
}

/** How much of a user's money the lot needs. */
export function neededOf(book: Book, userId: string): Amount {
  const { standing, maximum } = ownOf(book, userId);
  if (standing === "won") return book.lot.closed?.sold?.price ?? 0;
  return standing === "leading" || standing === "sealed" ? maximum : 0;
}

/** Whether it would change nothing to let go a user's holds up to a number. */
export function isVoidUpTo(book: Book, userId: string, upTo: number): boolean {
  const bidder = bidderOf(book, userId);
  if (bidder === undefined || bidder.voidUpTo < upTo) return false;
  return neededOf(book, userId) > 0 || bidder.bids.every(({ hold, isVoid }) => hold === undefined || hold > upTo || isVoid === true);
}

function evolveChange(book: Book, change: Change, shown: LotEntry | undefined): Book {
  switch (change.kind) {
    case "listed":
      return { ...book, secret: change.secret, aliveAt: shown?.at ?? book.aliveAt };
    case "bid":
      return withBid(book, change, shown);
    case "retracted": {
      const bidders = biddersWithout(book.bidders, change.bidder, change.which);
      return { ...book, bidders, standing: book.lot.terms?.kind === "sealed" ? sealedStanding(bidders) : replay(rulesOf(book), bidders) };
    }
    case "voided":
      return { ...book, bidders: withVoid(book, change.userId, change.upTo) };
    case "alive":
      return { ...book, aliveAt: change.at };
    case "shown":
      return book;
  }
}

function withBid(book: Book, change: BidChange, shown: LotEntry | undefined): Book {
  const { lot, paddles, numbers } = book;
  const { kind: _bid, bidder: id, ...facts } = change;
  const known = bidderOf(book, id) ?? { id, paddle: 0, bids: [], taken: 0, voidUpTo: 0 };
  const isSeen = shown !== undefined || lot.terms?.kind === "sealed";
  const paddle = known.paddle || (isSeen ? paddles + 1 : 0);
  const bid: BookedBid = { number: numbers + 1, ...facts };
  // A sealed bid takes the place of the one before.
  const bidder: Bidder = { ...known, paddle, bids: lot.terms?.kind === "sealed" ? [bid] : [...known.bids, bid], taken: known.taken + 1 };
  const bidders = putBidder(book.bidders, bidder);
  const after = { ...book, bidders, paddles: Math.max(paddles, paddle), numbers: numbers + 1 };
  switch (lot.terms?.kind) {
    case "english":
    case "live":
      return { ...after, standing: standingWith(book, change) };
    case "sealed":
      return { ...after, standing: sealedStanding(bidders) };
    default:
      return { ...after, standing: { leader: id, best: change.maximum, second: 0, price: shown?.kind === "bid" ? shown.price : 0 } };
  }
}

/** Of equal bids the earlier is first. */
function sealedStanding(bidders: readonly Bidder[]): Standing {
  const bids = bidders.flatMap(({ id, bids: own }) => own.slice(-1).map((bid) => ({ ...bid, id })));
  const [first, second] = bids.toSorted((a, b) => b.maximum - a.maximum || a.number - b.number);
  return first === undefined ? noStanding : { leader: first.id, best: first.maximum, second: second?.maximum ?? 0, price: 0 };
}

/** A leader's bid stands, whatever of his is let go; a bid that has lost its money comes back by no retraction. */
function withVoid(book: Book, userId: string, upTo: number): readonly Bidder[] {
  const known = bidderOf(book, userId) ?? { id: userId, paddle: 0, bids: [], taken: 0, voidUpTo: 0 };
  const isNeeded = neededOf(book, userId) > 0;
  const bids = isNeeded ? known.bids : known.bids.map((bid): BookedBid => (bid.hold !== undefined && bid.hold <= upTo ? { ...bid, isVoid: true } : bid));
  return putBidder(book.bidders, { ...known, bids, voidUpTo: Math.max(known.voidUpTo, upTo) });
}

function putBidder(bidders: readonly Bidder[], bidder: Bidder): readonly Bidder[] {
  const at = bidders.findIndex(({ id }) => id === bidder.id);
  return at === -1 ? [...bidders, bidder] : bidders.with(at, bidder);
}
