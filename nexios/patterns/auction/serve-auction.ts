import { randomBytes } from "node:crypto";
import { accept, type Accepted, type Refused, refuse, type RoomUser, type ServedRoom, type } from "nexios/contract";
import { decideBid, decideBuyNow, decideRetract } from "./bidding.ts";
import { auction, type Auction } from "./contract.ts";
import { decideAsk, decideGoing, decideFloor, decideHammer, decideList, decidePass, decidePause } from "./desk.ts";
import { fieldsInput, listInput, sumInput } from "./input.ts";
import { findAmountFault, isCurrency, type Money } from "./money.ts";
import { type BidFacts, type BookLimits, defaultBookLimits, floorPrefix, type Held } from "./refusals.ts";
import { sealAll } from "./seal.ts";
import { type Book, type BookEntry, type Draft, emptyBook, evolveBook, isVoidUpTo, neededOf, ownOf, revealEntry } from "./state.ts";
import { findTermsFault, type Terms } from "./terms.ts";
import { decideExtend, lotCallsSince, lotWakeAt, wakeLot } from "./time.ts";

type Awaitable<T> = T | Promise<T>;

/** What an auction house decides for itself. */
export interface AuctionOptions {
  /** Who lists lots and works at the desk. */
  readonly isAuctioneer: (user: RoomUser, lotId: string) => Awaitable<boolean>;
  /** Who may see a lot; everybody unless given. */
  readonly mayWatch?: (user: RoomUser, lotId: string) => Awaitable<boolean>;
  /** A name that is shown with a user's bids; none unless given: a bidder is a number, and nobody sees whose. */
  readonly nameOf?: (user: RoomUser) => string | undefined;
  /** Who may bid, being registered, or having left a deposit; everybody who watches unless given. */
  readonly mayBid?: (user: RoomUser, lotId: string) => Awaitable<boolean>;
  /** Holds a bid's money in the bidder's own log before the bid is decided; bids are not limited unless given. */
  readonly hold?: (bid: { readonly user: RoomUser; readonly lotId: string } & Money) => Promise<Held | undefined>;
  /** A lot has been bid for, or is about to be. */
  readonly onTouched?: (lotId: string) => void;
  /** A lot is about to be listed; the call waits until this has ended. */
  readonly onListing?: (lotId: string, terms: Terms) => Awaitable<void>;
  /** A random text that keeps a lot's seal from being guessed; a simulation hands in its own. */
  readonly newSalt?: () => string;
  readonly limits?: Partial<BookLimits>;
}

/** What the look-ups before a bid gave. */
interface BidPrepared {
  readonly isRegistered: boolean;
  readonly held: Held | undefined;
}

interface BidContext {
  readonly user: RoomUser;
  readonly receivedAt: number;
  readonly prepared: BidPrepared;
}

/** The server's half of a lot's room: `app.add(serveAuction({ isAuctioneer }))`. */
export function serveAuction({
  isAuctioneer,
  mayWatch = () => true,
  mayBid = () => true,
  nameOf = () => undefined,
  hold,
  onTouched = () => {},
  onListing = () => {},
  newSalt = () => randomBytes(24).toString("base64url"),
  limits = {},
}: AuctionOptions): ServedRoom<Auction, BookEntry, Book> {
  const bookLimits = { ...defaultBookLimits, ...limits };
  interface Context {
    readonly user: RoomUser;
    readonly params: { readonly lotId: string };
  }
  const isDesk = async (_input: unknown, { user, params }: Context): Promise<boolean> => user.id === serverId || (await isAuctioneer(user, params.lotId));
  const prepareBid = async (amount: unknown, currency: unknown, { user, params }: Context): Promise<BidPrepared> => {
    onTouched(params.lotId);
    const isRegistered = await mayBid(user, params.lotId);
    // What is no sum will be refused: it holds nothing.
    if (hold === undefined || !isRegistered || findAmountFault(amount) !== undefined || !isCurrency(currency)) return { isRegistered, held: undefined };
    return { isRegistered, held: await hold({ user, lotId: params.lotId, amount: amount as number, currency }) };
  };

  return auction
    .withSecret({ entry: type<BookEntry>(), state: type<Book>() })
    .fold(emptyBook, evolveBook, revealEntry)
    .serve({
      // The chain over its entries can be verified only while all of them are there.
      keepsAll: true,
      authorize: (user, { lotId }) => mayWatch(user, lotId),
      presence: fieldsInput({}),
      input: {
        bid: sumInput("maximum", ["currency"]),
        buyNow: sumInput("price", ["currency"]),
        list: listInput,
        ask: sumInput("amount"),
        floor: sumInput("amount"),
        going: fieldsInput<{ stage: "once" | "twice" }>({ stage: new Set(["once", "twice"]) }),
        hammer: fieldsInput<{ bids: number }>({ bids: "number" }),
        extend: fieldsInput<{ closesAt: number }>({ closesAt: "number" }),
        voidHolds: fieldsInput<{ userId: string; upTo: number }>({ userId: "string", upTo: "number" }),
      },
      prepare: {
        bid: ({ maximum, currency }, context) => prepareBid(maximum, currency, context),
        buyNow: ({ price, currency }, context) => prepareBid(price, currency, context),
        async list(input, context) {
          if (!(await isDesk(input, context))) return undefined;
          if (findTermsFault(input.terms, input.secret) === undefined) await onListing(context.params.lotId, input.terms);
          return { salt: newSalt() };
        },
        ask: isDesk,
        floor: isDesk,
        going: isDesk,
        hammer: isDesk,
        pass: isDesk,
        pause: isDesk,
        resume: isDesk,
        secret: isDesk,
      },
      decide: {
        bid: (book, input, context) => sealed(book, decideBid(book, input, toFacts(context, nameOf), bookLimits)),
        buyNow: (book, input, context) => sealed(book, decideBuyNow(book, input, toFacts(context, nameOf), bookLimits)),
        retract: (book, _input, { user, receivedAt }) => sealed(book, decideRetract(book, { userId: user.id, receivedAt })),
        list: (book, input, { receivedAt, prepared }) =>
          prepared === undefined ? refuse("NOT_THE_AUCTIONEER") : sealed(book, decideList(book, input, receivedAt, prepared.salt)),
        ask: (book, { amount }, { receivedAt, prepared }) => (prepared ? sealed(book, decideAsk(book, amount, receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        floor: (book, { amount }, { receivedAt, prepared }) => (prepared ? sealed(book, decideFloor(book, amount, receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        going: (book, { stage }, { receivedAt, prepared }) => (prepared ? sealed(book, decideGoing(book, stage, receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        hammer: (book, { bids }, { receivedAt, prepared }) => (prepared ? sealed(book, decideHammer(book, bids, receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        pass: (book, _input, { receivedAt, prepared }) => (prepared ? sealed(book, decidePass(book, receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        pause: (book, _input, { receivedAt, prepared }) => (prepared ? sealed(book, decidePause(book, "paused", receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        resume: (book, _input, { receivedAt, prepared }) => (prepared ? sealed(book, decidePause(book, "resumed", receivedAt)) : refuse("NOT_THE_AUCTIONEER")),
        extend(book, { closesAt }, { user, receivedAt }) {
          if (user.id !== serverId) return refuse("FORBIDDEN");
          return sealed(book, decideExtend(book, closesAt, receivedAt));
        },
        voidHolds(book, { userId, upTo }, { user }) {
          if (user.id !== serverId) return refuse("FORBIDDEN");
          // What is void already, or over, writes nothing: bids that are refused for want of money must not fill this log.
          const drafts: readonly Draft[] =
            book.lot.closed !== undefined || isVoidUpTo(book, userId, upTo) ? [] : [{ change: { kind: "voided", userId, upTo } }];
          return sealed(book, accept(drafts, { needed: neededOf(book, userId), currency: book.lot.terms?.currency ?? "" }));
        },
      },
      questions: {
        own: (book, _input, { user }) => (user.id.startsWith(floorPrefix) ? ownOf(emptyBook, user.id) : ownOf(book, user.id)),
        secret: ({ secret }, _input, { prepared }) => (prepared ? secret : refuse("NOT_THE_AUCTIONEER")),
        bidders: (book, _input, { user }) =>
          user.id === serverId ? book.bidders.map((bidder) => ({ userId: bidder.id, own: ownOf(book, bidder.id, bidder) })) : refuse("FORBIDDEN"),
      },
      wakeAt: lotWakeAt,
      wake: (book, { now }) => accept(sealAll(book.seal, wakeLot(book, now).entries)),
      callsSince: (book, { now }) => lotCallsSince(book, now),
    });
}

/** The server's own calls come under this id, which no user can have. */
const serverId = "nexios";

function toFacts({ user, receivedAt, prepared: { held, isRegistered } }: BidContext, nameOf: NonNullable<AuctionOptions["nameOf"]>): BidFacts {
  const name = nameOf(user);
  return { userId: user.id, receivedAt, isRegistered, ...(held !== undefined && { held }), ...(name !== undefined && { name }) };
}

/** Gives what a decision writes its place in the chain. */
function sealed<Result, Refusals>(book: Book, decision: Accepted<Draft, Result> | Refused<Refusals>): Accepted<BookEntry, Result> | Refused<Refusals> {
  return decision.kind === "refused" ? decision : accept<BookEntry, Result>(sealAll(book.seal, decision.entries), decision.result as never);
}
