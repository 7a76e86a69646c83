import { defineSubscription, type Handling, type Subscription } from "nexios";
import { auction, type Lot, type LotEntry, type Own } from "nexios/auction";
import { type BookEntry, serveAuction } from "nexios/auction/server";
import { closing } from "./closing-room.ts";
import { archiveOutbid, eachOf, type NoticeServices, tell } from "./notice-desk.ts";
import { noticeKey, outbidNotice, soldNotice } from "./notices.ts";

type Of<Kind extends LotEntry["kind"]> = Extract<LotEntry, { kind: Kind }>;

const dayMs = 86_400_000;
const concurrency = 64;
const setLeader = "insert into lot_leads (lot, leader) values (?, ?) on conflict (lot) do update set leader = excluded.leader";

/** Tells people what has become of their bids, from the lots' own logs: so no restart loses it, and none tells it twice. */
export function followLots(services: NoticeServices): Subscription {
  const news = new LotNews(services);
  // Of the room only how its entries are read is needed.
  const lots = serveAuction({ isAuctioneer: () => false });
  return defineSubscription("saleroom-lots", lots, (entry, handling) => news.handle(entry, handling), {
    from: "start",
    filter: ({ shown }) => shown !== undefined,
    concurrency,
  });
}

class LotNews {
  readonly #services: NoticeServices;

  constructor(services: NoticeServices) {
    this.#services = services;
  }

  async handle({ change, shown }: BookEntry, handling: Handling): Promise<void> {
    const { lotId = "" } = handling.params;
    // A replay's bidders have all gone home.
    if (lotId.startsWith("replay-")) return;
    switch (shown?.kind) {
      case "listed":
        return this.#ringBefore(lotId, shown.terms.kind === "live" ? null : shown.terms.closesAt, handling);
      case "extended":
        return this.#ringBefore(lotId, shown.closesAt, handling);
      case "bid":
        return this.#bid(lotId, change, shown, handling);
      case "retracted":
        return this.#giveBack(lotId, shown, handling);
      case "closed":
        return this.#close(lotId, shown, handling);
      default:
    }
  }

  async #bid(lotId: string, change: BookEntry["change"], shown: Of<"bid">, handling: Handling): Promise<void> {
    // A bid that stays below the leader's maximum takes the lead from nobody.
    const leader = change.kind === "bid" && shown.leader === shown.paddle ? change.bidder : undefined;
    const before = leader === undefined ? undefined : await this.#leaderOf(lotId);
    const isTaken = leader !== undefined && leader !== before;
    if (isTaken && before !== undefined) await this.#tellOutbid(before, lotId, shown, handling);
    if (shown.closesAt !== undefined) await this.#ringBefore(lotId, shown.closesAt, handling);
    if (isTaken) await handling.transaction((tx) => tx.query(setLeader, [lotId, leader]));
  }

  async #tellOutbid(userId: string, lotId: string, { price, minimum, at }: Of<"bid">, { offset }: Handling): Promise<void> {
    const lot = await this.#lot(lotId);
    // What is over can't be led any more: its end tells how it went.
    if (lot.terms === undefined || lot.closed !== undefined) return;
    const { title, currency } = lot.terms;
    const data = { price, next: minimum, currency };
    await tell(this.#services, userId, outbidNotice({ lotId, title }, data, latestEndOf(lot, at)), noticeKey("outbid", lotId, offset));
  }

  /** Who takes a bid back gives the lead away himself: nobody is told, and it is noted who has it. */
  async #giveBack(lotId: string, { leader }: Of<"retracted">, { transaction }: Handling): Promise<void> {
    const found = leader === 0 ? undefined : (await this.#bidders(lotId)).find(({ own }) => own.paddle === leader);
    if (found?.userId === (await this.#leaderOf(lotId))) return;
    await transaction((tx) => (found === undefined ? tx.query("delete from lot_leads where lot = ?", [lotId]) : tx.query(setLeader, [lotId, found.userId])));
  }

  async #close(lotId: string, { sold }: Of<"closed">, handling: Handling): Promise<void> {
    const { offset, author, at } = handling;
    const { terms } = await this.#lot(lotId);
    await this.#ringBefore(lotId, null, handling);
    // Of a log that was there before this subscription, what is old is not told.
    if (terms !== undefined && at > this.#services.now() - dayMs) {
      const { title, currency } = terms;
      const bidders = await this.#bidders(lotId);
      const tellSold = (userId: string, kind: "won" | "sold", price: number): Promise<void> => {
        const data = { price, currency, ...(userId === author && { isOwn: true }) };
        return tell(this.#services, userId, soldNotice({ lotId, title }, kind, data), noticeKey(kind, lotId, offset));
      };
      const winner = bidders.find(({ own }) => own.standing === "won");
      const sellerId = sold === undefined ? undefined : await this.#sellerOf(lotId);
      if (sold !== undefined && winner !== undefined) await tellSold(winner.userId, "won", sold.price);
      if (sold !== undefined && sellerId !== undefined) await tellSold(sellerId, "sold", sold.price);
      await eachOf(bidders, ({ userId }) => archiveOutbid(this.#services, userId, lotId));
    }
    await handling.transaction(async (tx) => {
      await tx.query("delete from lot_leads where lot = ?", [lotId]);
      await tx.query("delete from lot_followers where lot = ?", [lotId]);
    });
  }

  async #ringBefore(lotId: string, closesAt: number | null, { call }: Handling): Promise<void> {
    await call(closing, { lotId }, "set", { closesAt });
  }

  async #leaderOf(lotId: string): Promise<string | undefined> {
    const { rows } = await this.#services.app.store.query("select leader from lot_leads where lot = ?", [lotId]);
    const leader = rows[0]?.["leader"];
    return typeof leader === "string" ? leader : undefined;
  }

  #lot(lotId: string): Promise<Lot> {
    return this.#services.app.room(auction, { lotId }).state();
  }

  async #bidders(lotId: string): Promise<readonly { readonly userId: string; readonly own: Own }[]> {
    const answer = await this.#services.app.room(auction, { lotId }).ask("bidders");
    return answer.kind === "answered" ? answer.value : [];
  }

  async #sellerOf(lotId: string): Promise<string | undefined> {
    const answer = await this.#services.app.room(auction, { lotId }).ask("secret");
    return answer.kind === "answered" ? answer.value.sellerId : undefined;
  }
}

/** When a lot ends at the latest, as far as it is known: its bids may move its end again and again. Until then it stands that somebody was outbid; the end itself puts it away. Pure. */
export function latestEndOf({ terms, closesAt, bidExtensions }: Lot, now: number): number | undefined {
  if (terms === undefined || terms.kind === "live" || closesAt === undefined) return undefined;
  if (terms.kind !== "english" || terms.extension === undefined) return closesAt;
  const { byMs, most = Infinity, hardEnd = Infinity } = terms.extension;
  return Math.min(hardEnd, closesAt + Math.max(0, most - bidExtensions) * byMs, Math.max(closesAt, now) + dayMs);
}
