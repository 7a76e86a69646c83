import type { NexiosApp } from "nexios";
import type { RoomUser } from "nexios/contract";
import { serveAccount } from "./serve-account.ts";
import { Clerk } from "./clerk.ts";
import { holdMoney } from "./holds.ts";
import type { Amount } from "./money.ts";
import { serveSale } from "./serve-sale.ts";
import { type AuctionOptions, serveAuction } from "./serve-auction.ts";

/** What an auction house is made of. */
export interface AuctionHouseOptions extends Omit<AuctionOptions, "hold"> {
  /** The sales whose lots are followed from the start; those of lots that are listed later are found by themselves. */
  readonly sales?: readonly string[];
  /** Keeps a room of his own for each bidder: his lots, what is held of his money. True unless given. */
  readonly accounts?: boolean;
  /** What a user may have at stake over all lots in a currency; Infinity for no limit. No limit unless given. Needs `accounts`. */
  readonly limitOf?: (user: RoomUser, currency: string) => Amount | Promise<Amount>;
  /** Who may see a sale's list; everybody unless given. */
  readonly maySeeSale?: (user: RoomUser, saleId: string) => boolean | Promise<boolean>;
  /** What the clerk could not do yet. */
  readonly onError?: (where: string, error: unknown) => void;
}

const pathSegment = /^[A-Za-z0-9_.:-]{1,128}$/;

/** Adds lots, sales and bidders' own rooms to an app, and the clerk who follows them: `addAuctions(app, { isAuctioneer })`. */
export function addAuctions(app: NexiosApp, options: AuctionHouseOptions): void {
  const { sales = [], accounts = true, limitOf, maySeeSale = () => true, mayBid = () => true, onError = () => {}, ...others } = options;
  if (limitOf !== undefined && !accounts) throw new TypeError("limitOf needs accounts: money is held in the bidder's own room");
  const clerk = new Clerk({ app, sales, keepsAccounts: accounts, onError });
  const lots = serveAuction({
    ...others,
    // Who can have no room of his own can hold no money.
    mayBid: (user, lotId) => (accounts && !pathSegment.test(user.id) ? false : mayBid(user, lotId)),
    onTouched: (lotId) => void clerk.follow(lotId),
    onListing: (lotId, terms) => clerk.announce(lotId, terms),
    ...(limitOf !== undefined && {
      hold: async ({ user, ...bid }) => {
        // A crowd's bids are mostly too late: what can't be taken any more costs nobody's log an entry.
        if (bid.amount <= clerk.priceOf(bid.lotId)) return { kind: "skipped" };
        const limit = await limitOf(user, bid.currency);
        if (Number.isNaN(limit)) throw new TypeError("limitOf gave NaN, which is no limit");
        if (limit === Infinity) return undefined;
        const held = await holdMoney(app, { ...bid, userId: user.id, limit });
        // The bid may be refused all the same.
        if (held.kind === "held") clerk.letGoSoon(user.id, bid.lotId);
        return held;
      },
    }),
  });
  app.add(lots, serveSale(maySeeSale), ...(accounts ? [serveAccount()] : []));
  app.onStart(() => clerk.start());
  app.onStop(() => clerk.close());
}
