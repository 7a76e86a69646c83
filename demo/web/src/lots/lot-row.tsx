import type { LotCard } from "nexios/auction";
import { memo } from "react";
import { Link } from "wouter";
import { auctionWords } from "../messages/en-auction.ts";
import { CardTime } from "./card-time.tsx";
import { Flash } from "./flash.tsx";
import { toMoney } from "./money.ts";

const { lots: words, kinds, bids: bidWords } = auctionWords;

interface Props {
  readonly card: LotCard;
  readonly isOwn: boolean;
  /** Where its title leads to. */
  readonly place?: "lots" | "rostrum";
}

/** One lot of the catalogue. It never joins the lot's room. */
export const LotRow = memo(function LotRow({ card, isOwn, place = "lots" }: Props) {
  const { lotId, number, title, kind, bids } = card;
  return (
    <li className="lot-row" data-over={card.closed !== undefined}>
      <span className="lot-number">{number}</span>
      <div className="lot-name">
        <h2>
          <Link href={`/${place}/${lotId}`}>
            <bdi>{title}</bdi>
          </Link>
        </h2>
        <p className="note">
          {kinds[kind]}
          {bids > 0 && ` · ${bidWords(bids)}`}
          {isOwn && ` · ${words.own}`}
        </p>
      </div>
      <p className="lot-price">
        <span key={priceKind(card)} className="note">
          {words.prices[priceKind(card)]}
        </span>
        <Flash text={toMoney(priceOf(card), card.currency)} />
      </p>
      <CardTime card={card} />
    </li>
  );
});

function priceOf({ closed, price, opening }: LotCard): number {
  return closed?.sold?.price ?? (price > 0 ? price : opening);
}

function priceKind({ closed, price, kind }: LotCard): "sold" | "bid" | "falls" | "from" {
  if (closed?.sold !== undefined) return "sold";
  if (price > 0) return "bid";
  return kind === "dutch" ? "falls" : "from";
}
