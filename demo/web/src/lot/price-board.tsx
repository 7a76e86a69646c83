import type { Lot, Terms } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { auctionWords } from "../messages/en-auction.ts";
import { Flash } from "../lots/flash.tsx";
import { toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";
import { formatSpan } from "./span-text.ts";
import { Countdown } from "./countdown.tsx";

const { lot: words } = auctionWords;

interface Props {
  readonly view: AuctionView;
  readonly lot: Lot;
  readonly terms: Terms;
}

/** The two numbers that a bidder looks at: the price and the time; beneath them what explains them. */
export function PriceBoard({ view, lot, terms }: Props) {
  const { kind, amount } = priceOf(lot, terms, view.minimum);
  return (
    <>
      <div className="board">
        <p className="board-cell">
          <span className="note">{words.prices[kind]}</span>
          <Flash className="board-figure" text={toMoney(amount, terms.currency)} />
          <span className="note">{detailOf(lot, terms)}</span>
        </p>
        <Countdown view={view} lot={lot} />
      </div>
      <p className="board-news">
        {lot.closed === undefined && lot.extendedFor !== undefined && lot.closesAt !== undefined && (
          <strong>{words.extended[lot.extendedFor](formatClock(lot.closesAt))}</strong>
        )}
        {lot.closed === undefined && <span>{newsOf(lot, terms)}</span>}
      </p>
    </>
  );
}

/** What moves the price, or keeps it from being one. */
function newsOf({ reserve }: Lot, terms: Terms): string {
  if (terms.kind !== "dutch") return words.reserve[reserve];
  const { dropBy, everyMs, lowest, currency } = terms;
  return words.falls(toMoney(dropBy, currency), formatSpan(everyMs), toMoney(lowest, currency));
}

type PriceKind = keyof typeof words.prices;

function priceOf({ closed, price, minimum }: Lot, { kind, opening }: Terms, own: number): { readonly kind: PriceKind; readonly amount: number } {
  if (closed?.sold !== undefined) return { kind: "sold", amount: closed.sold.price };
  if (closed !== undefined) return price > 0 ? { kind: "unsold", amount: price } : { kind: "from", amount: opening };
  if (kind === "dutch") return { kind: "falling", amount: own };
  if (kind === "sealed") return { kind: "least", amount: opening };
  if (kind === "live") return { kind: "asking", amount: minimum };
  return price > 0 ? { kind: "now", amount: price } : { kind: "from", amount: opening };
}

function detailOf({ price, minimum, bids, closed }: Lot, { kind, currency }: Terms): string {
  const parts = [
    kind === "live" && price > 0 && closed === undefined && words.highest(toMoney(price, currency)),
    kind === "english" && price > 0 && closed === undefined && words.next(toMoney(minimum, currency)),
    bids > 0 && kind === "english" && closed !== undefined && auctionWords.bids(bids),
  ];
  return parts.filter(Boolean).join(" · ") || "\u00a0";
}
