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
          {terms.kind !== "dutch" && <span className="note">{lot.closed === undefined ? words.reserve[reserveOf(lot, terms)] : "\u00a0"}</span>}
        </p>
        <Countdown view={view} lot={lot} />
      </div>
      {canMove(terms) && <p className="board-news">{newsOf(lot, terms)}</p>}
    </>
  );
}

/** Something may be said beneath the two numbers, now or later: its place is kept. */
function canMove(terms: Terms): boolean {
  return terms.kind === "dutch" || (terms.kind === "english" && terms.extension !== undefined);
}

/** Why the end has moved, or how the price falls. */
function newsOf({ closed, extendedFor, closesAt }: Lot, terms: Terms) {
  if (closed !== undefined) return undefined;
  if (terms.kind === "dutch") return words.falls(toMoney(terms.dropBy, terms.currency), formatSpan(terms.everyMs), toMoney(terms.lowest, terms.currency));
  return extendedFor === undefined || closesAt === undefined ? undefined : <strong>{words.extended[extendedFor](formatClock(closesAt))}</strong>;
}

/** Of sealed bids nobody is told whether they reach it. */
function reserveOf({ reserve }: Lot, { kind }: Terms): keyof typeof words.reserve {
  return kind === "sealed" && reserve === "unmet" ? "sealed" : reserve;
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
