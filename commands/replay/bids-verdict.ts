import { type Amount, ebaySteps, stepAt } from "nexios/auction";
import { fromCents, type RecordedAuction, type RecordedBid } from "./bids-records.ts";

/** How a price came about. */
type Explanation = "fullStep" | "winnersMaximum" | "tie" | "opening";

/** An auction whose recorded price its bids don't give. */
interface Unexplained {
  readonly auction: string;
  readonly recorded: string;
  readonly ours: string;
  /** `RESERVE_OR_REMOVED`: the record has the winner's last bid as the price, above what the bids of others ask for: a reserve was met, or a bid was removed. */
  readonly reason: "RESERVE_OR_REMOVED" | "OTHER";
}

/** What the lots of a server came to, beside the records. */
export interface BidsSummary {
  readonly auctions: number;
  /** Auctions that ended at the recorded price. */
  readonly seen: number;
  /** Those that did so though the winner would have paid ten times as much; and of how many. */
  readonly hidden: number;
  readonly hiddenOf: number;
  readonly explained: Readonly<Record<Explanation, number>>;
  readonly unexplained: readonly Unexplained[];
}

/** The prices that a server's lots ended at. */
export interface Played {
  readonly auction: RecordedAuction;
  readonly seen: Amount;
  /** Absent for an auction that is none of the hidden ones. */
  readonly hidden?: Amount;
}

/** The highest maximum, the earlier of equal ones, and the highest of the other bidders; 0 for none. */
interface Ranking {
  readonly winner: RecordedBid;
  readonly second: Amount;
}

/** Its bids, the winner's top one ten times as high; `undefined` unless the others' bids alone ask for the recorded price, by a full step or by the opening. */
export function hideMaximum(auction: RecordedAuction): RecordedAuction | undefined {
  const { winner, second } = rank(auction);
  const asked = second === 0 ? auction.opening : second + stepAt(ebaySteps, second);
  if (auction.finalPrice !== asked) return undefined;
  return { ...auction, bids: auction.bids.map((bid) => (bid === winner ? { ...bid, maximum: bid.maximum * 10 } : bid)) };
}

/** Compares what was played with what was recorded. */
export function judgeBids(played: readonly Played[]): BidsSummary {
  const explained: Record<Explanation, number> = { fullStep: 0, winnersMaximum: 0, tie: 0, opening: 0 };
  const unexplained: Unexplained[] = [];
  for (const { auction, seen } of played) {
    if (seen === auction.finalPrice) explained[explain(auction, seen)]++;
    else unexplained.push({ auction: auction.id, recorded: fromCents(auction.finalPrice), ours: fromCents(seen), reason: reasonOf(auction, seen) });
  }
  const hidden = played.filter((lot) => lot.hidden !== undefined);
  return {
    auctions: played.length,
    seen: played.length - unexplained.length,
    hidden: hidden.filter((lot) => lot.hidden === lot.auction.finalPrice).length,
    hiddenOf: hidden.length,
    explained,
    unexplained,
  };
}

/** Whether the server's rules give all that bids alone can give. */
export function holds({ hidden, hiddenOf, unexplained }: BidsSummary): boolean {
  return hidden === hiddenOf && unexplained.every(({ reason }) => reason === "RESERVE_OR_REMOVED");
}

function explain(auction: RecordedAuction, price: Amount): Explanation {
  const { winner, second } = rank(auction);
  if (second === 0) return "opening";
  if (second === winner.maximum) return "tie";
  return price === second + stepAt(ebaySteps, second) ? "fullStep" : "winnersMaximum";
}

function reasonOf(auction: RecordedAuction, price: Amount): Unexplained["reason"] {
  const { winner } = rank(auction);
  const last = auction.bids.findLast(({ bidder }) => bidder === winner.bidder);
  return auction.finalPrice > price && last?.maximum === auction.finalPrice ? "RESERVE_OR_REMOVED" : "OTHER";
}

function rank({ bids }: RecordedAuction): Ranking {
  const [first, ...later] = bids;
  if (first === undefined) throw new TypeError("An auction without bids has no winner");
  const winner = later.reduce((best, bid) => (bid.maximum > best.maximum ? bid : best), first);
  return { winner, second: Math.max(0, ...bids.filter(({ bidder }) => bidder !== winner.bidder).map(({ maximum }) => maximum)) };
}
