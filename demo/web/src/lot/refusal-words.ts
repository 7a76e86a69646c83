import type { AuctionView } from "nexios/auction/react";
import { auctionWords } from "../messages/en-auction.ts";
import { toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";

const { refusals: words } = auctionWords.box;

/** What the house can say no with to a bidder. */
export type BidRefusal = NonNullable<AuctionView["bid"]["refusal"] | AuctionView["buyNow"]["refusal"] | AuctionView["retract"]["refusal"]>;

/** A no in words, and the least that would be taken, where that is the way out. */
export interface RefusalWords {
  readonly text: string;
  readonly minimum?: number;
}

/** Puts a refusal into words. Pure. */
export function toRefusalWords(refusal: BidRefusal, currency: string): RefusalWords {
  const money = (amount: number): string => toMoney(amount, currency);
  switch (refusal.code) {
    case "NOT_OPEN":
      return { text: words.NOT_OPEN(formatClock(refusal.data.opensAt)) };
    case "WRONG_CURRENCY":
      return { text: words.WRONG_CURRENCY(refusal.data.currency) };
    case "INVALID_AMOUNT":
      return { text: words.INVALID_AMOUNT(money(refusal.data.unit)) };
    case "BID_TOO_LOW":
    case "EQUAL_MAXIMUM": {
      const { minimum } = refusal.data;
      return { text: words[refusal.code](money(minimum)), minimum };
    }
    case "NOT_A_RAISE": {
      const { minimum, maximum } = refusal.data;
      return { text: words.NOT_A_RAISE(money(maximum), money(minimum)), minimum };
    }
    case "LIMIT_REACHED":
      return { text: words.LIMIT_REACHED(money(refusal.data.available), money(refusal.data.limit)) };
    default:
      return { text: words[refusal.code] };
  }
}
