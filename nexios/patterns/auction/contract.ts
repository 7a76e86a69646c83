import { defineRoom, type } from "nexios/contract";
import type { Amount, AmountFault } from "./money.ts";
import type { Moment, SecretTerms, Terms } from "./terms.ts";

/** A bidder as others see him: a number of this lot, from 1; 0 for nobody. The winner of a sealed lot is 1. */
export type Paddle = number;

/** What the auctioneer of a live sale has last said. */
export type Stage = "asking" | "once" | "twice";
/** Why the end has moved. */
export type ExtensionReason = "bid" | "outage" | "sale";
/** Why a lot is over. */
export type Ending = "time" | "hammer" | "buy-now" | "taken" | "passed" | "withdrawn";
export type ReserveState = "none" | "unmet" | "met";

/** What the price is now, and why. */
interface Priced {
  readonly price: Amount;
  readonly leader: Paddle;
  /** What the next bid must reach. */
  readonly minimum: Amount;
  readonly reserve: ReserveState;
}

/** Something that everybody may know. Each carries what it has come to, so that a page has nothing to work out. */
export type LotEntry =
  | { readonly kind: "listed"; readonly terms: Terms; readonly minimum: Amount; readonly reserve: ReserveState; readonly at: Moment }
  | { readonly kind: "opened"; readonly at: Moment }
  | (Priced & { readonly kind: "bid"; readonly paddle: Paddle; readonly name?: string; readonly at: Moment; readonly closesAt?: Moment })
  | (Priced & { readonly kind: "retracted"; readonly paddle: Paddle; readonly at: Moment })
  | { readonly kind: "extended"; readonly closesAt: Moment; readonly reason: ExtensionReason; readonly at: Moment }
  | { readonly kind: "asked"; readonly minimum: Amount; readonly at: Moment }
  | { readonly kind: "going"; readonly stage: "once" | "twice"; readonly at: Moment }
  | { readonly kind: "paused" | "resumed"; readonly at: Moment }
  | (Closed & { readonly kind: "closed" });

/** A bid as the page shows it. */
export interface ShownBid {
  readonly paddle: Paddle;
  /** Where the house shows who has it. */
  readonly name?: string;
  readonly price: Amount;
  readonly leader: Paddle;
  readonly at: Moment;
  readonly isRetraction: boolean;
}

/** How a lot has ended. */
export interface Closed {
  readonly ending: Ending;
  /** Absent if nobody has the lot. */
  readonly sold?: Sold;
  /** The last hash of the chain over all that has happened, hidden things included. */
  readonly seal: string;
  readonly at: Moment;
}

/** Who has the lot, and for how much. */
export interface Sold {
  readonly paddle: Paddle;
  readonly price: Amount;
}

/** What everybody may know of a lot. */
export interface Lot {
  /** Absent until it is listed. */
  readonly terms?: Terms;
  readonly isOpened: boolean;
  readonly isPaused: boolean;
  /** 0 before the first bid. */
  readonly price: Amount;
  readonly minimum: Amount;
  readonly leader: Paddle;
  readonly reserve: ReserveState;
  /** When it ends, if by time. */
  readonly closesAt?: Moment;
  readonly extensions: number;
  /** Those of them that a bid has made. */
  readonly bidExtensions: number;
  readonly extendedFor?: ExtensionReason;
  readonly stage: Stage;
  /** Bids that everybody has seen; the newest of them, the last one first. */
  readonly bids: number;
  readonly newest: readonly ShownBid[];
  readonly closed?: Closed;
}

/** How many bids the state holds; older ones are in the room's history. */
export const shownBids = 50;

/** What a bidder needs to bid again. */
export interface Next {
  readonly minimum: Amount;
  readonly currency: string;
}

/** Where somebody stands in a lot; for himself alone. */
export interface Own {
  readonly paddle: Paddle;
  /** His highest, or his sealed bid; 0 for none. */
  readonly maximum: Amount;
  readonly standing: OwnStanding;
}
export type OwnStanding = "none" | "leading" | "outbid" | "sealed" | "won" | "lost";

const unlisted: Lot = {
  isOpened: false,
  isPaused: false,
  price: 0,
  minimum: 0,
  leader: 0,
  reserve: "none",
  extensions: 0,
  bidExtensions: 0,
  stage: "asking",
  bids: 0,
  newest: [],
};

const lotRefusals = {
  NOT_LISTED: type<undefined>(),
  NOT_OPEN: type<{ readonly opensAt: Moment }>(),
  PAUSED: type<Next>(),
  CLOSED: type<{ readonly closesAt: Moment }>(),
};

const bidRefusals = {
  ...lotRefusals,
  WRONG_CURRENCY: type<Next>(),
  INVALID_AMOUNT: type<Next & { readonly fault: AmountFault; readonly unit: Amount }>(),
  BID_TOO_LOW: type<Next>(),
  NOT_A_RAISE: type<Next & { readonly maximum: Amount }>(),
  EQUAL_MAXIMUM: type<Next>(),
  SELLER: type<undefined>(),
  NOT_REGISTERED: type<Next>(),
  LIMIT_REACHED: type<Next & { readonly limit: Amount; readonly available: Amount }>(),
  HOLD_RELEASED: type<Next>(),
  TOO_MANY_BIDS: type<{ readonly limit: number }>(),
};

const deskRefusals = { ...lotRefusals, NOT_THE_AUCTIONEER: type<undefined>() };

/** What a bid came to, for its bidder. */
export interface BidResult extends Own {
  readonly price: Amount;
  readonly minimum: Amount;
}

/** A lot that is bid for: `auction/{lotId}`. Its secrets (maxima, reserve, sealed bids) are the server's alone. */
export const auction = defineRoom("auction/{lotId}", {
  log: "durable",
  entry: type<LotEntry>(),
  state: type<Lot>(),
  calls: {
    /** English and live: the most that one would pay. Dutch: the price that one sees. Sealed: the bid; a later one takes its place. */
    bid: { input: type<{ readonly maximum: Amount; readonly currency: string }>(), result: type<BidResult>(), refusals: bidRefusals },
    buyNow: {
      input: type<{ readonly price: Amount; readonly currency: string }>(),
      result: type<BidResult>(),
      refusals: { ...bidRefusals, BUY_NOW_GONE: type<Next>() },
    },
    retract: {
      result: type<BidResult>(),
      refusals: { ...lotRefusals, NO_BID: type<undefined>(), NOT_RETRACTABLE: type<undefined>() },
    },
    /** For auctioneers: lists the lot, or lists it anew until its first bid. */
    list: {
      input: type<{ readonly terms: Terms; readonly secret: SecretTerms }>(),
      refusals: {
        NOT_THE_AUCTIONEER: type<undefined>(),
        INVALID_TERMS: type<{ readonly fault: string }>(),
        HAS_BIDS: type<undefined>(),
        CLOSED: lotRefusals.CLOSED,
      },
    },
    /** For auctioneers of a live lot: what is asked next. */
    ask: {
      input: type<{ readonly amount: Amount }>(),
      refusals: { ...deskRefusals, NOT_LIVE: type<undefined>(), INVALID_AMOUNT: bidRefusals.INVALID_AMOUNT, BID_TOO_LOW: type<Next>() },
    },
    /** For auctioneers of a live lot: a bid from the floor. */
    floor: {
      input: type<{ readonly amount: Amount }>(),
      refusals: { ...deskRefusals, NOT_LIVE: type<undefined>(), INVALID_AMOUNT: bidRefusals.INVALID_AMOUNT, BID_TOO_LOW: type<Next>() },
    },
    /** For auctioneers of a live lot: going once, going twice. */
    going: {
      input: type<{ readonly stage: "once" | "twice" }>(),
      refusals: { ...deskRefusals, NOT_LIVE: type<undefined>(), OUT_OF_ORDER: type<{ readonly stage: Stage }>() },
    },
    /** For auctioneers of a live lot: sold, if still so many bids stand as the auctioneer has seen. */
    hammer: {
      input: type<{ readonly bids: number }>(),
      refusals: {
        ...deskRefusals,
        NOT_LIVE: type<undefined>(),
        OUT_OF_ORDER: type<{ readonly stage: Stage }>(),
        BID_BETWEEN: type<Priced>(),
        NO_BID: type<undefined>(),
        RESERVE_NOT_MET: type<undefined>(),
      },
    },
    /** For auctioneers: nobody gets it. `withdrawn` while it is scheduled or runs by time; `passed` for a live lot. */
    pass: { refusals: deskRefusals },
    pause: { refusals: { ...deskRefusals, NOT_LIVE: type<undefined>() } },
    resume: { refusals: { ...deskRefusals, NOT_LIVE: type<undefined>() } },
    /** The server's own: the end moves, because another lot's of its sale has. */
    extend: { input: type<{ readonly closesAt: Moment }>(), refusals: { FORBIDDEN: type<undefined>() } },
    /** The server's own: what a user has held for this lot up to a number is void, unless a bid stands on it. */
    voidHolds: {
      input: type<{ readonly userId: string; readonly upTo: number }>(),
      result: type<{ readonly needed: Amount; readonly currency: string }>(),
      refusals: { FORBIDDEN: type<undefined>() },
    },
  },
  questions: {
    own: { result: type<Own>() },
    /** For auctioneers. */
    secret: { result: type<SecretTerms>(), refusals: { NOT_THE_AUCTIONEER: type<undefined>() } },
    /** The server's own: who has bid, and how each stands. */
    bidders: { result: type<readonly { readonly userId: string; readonly own: Own }[]>(), refusals: { FORBIDDEN: type<undefined>() } },
  },
  /** That somebody watches. */
  presence: type<Record<never, never>>(),
}).fold(unlisted, evolveLot);

export type Auction = typeof auction;

function evolveLot(lot: Lot, entry: LotEntry): Lot {
  switch (entry.kind) {
    case "listed": {
      const { terms, minimum, reserve } = entry;
      // Listed anew it begins anew: it may open later, and be of another kind.
      return { ...unlisted, terms, minimum, reserve, ...(terms.kind !== "live" && { closesAt: terms.closesAt }) };
    }
    case "opened":
      return { ...lot, isOpened: true };
    case "bid":
    case "retracted": {
      const { price, leader, minimum, reserve, paddle, at } = entry;
      const name = entry.kind === "bid" && entry.name !== undefined ? { name: entry.name } : {};
      const shown: ShownBid = { paddle, ...name, price, leader, at, isRetraction: entry.kind === "retracted" };
      const after: Lot = {
        ...lot,
        isOpened: true,
        price,
        leader,
        minimum,
        reserve,
        stage: "asking",
        bids: lot.bids + 1,
        newest: [shown, ...lot.newest.slice(0, shownBids - 1)],
      };
      return entry.kind === "bid" && entry.closesAt !== undefined ? extended(after, entry.closesAt, "bid") : after;
    }
    case "extended":
      return extended(lot, entry.closesAt, entry.reason);
    case "asked":
      return { ...lot, minimum: entry.minimum, stage: "asking" };
    case "going":
      return { ...lot, stage: entry.stage };
    case "paused":
    case "resumed":
      return { ...lot, isPaused: entry.kind === "paused", stage: "asking" };
    case "closed": {
      const { kind: _closed, ...closed } = entry;
      return { ...lot, closed };
    }
  }
}

function extended(lot: Lot, closesAt: Moment, reason: ExtensionReason): Lot {
  return { ...lot, closesAt, extensions: lot.extensions + 1, bidExtensions: lot.bidExtensions + (reason === "bid" ? 1 : 0), extendedFor: reason };
}
