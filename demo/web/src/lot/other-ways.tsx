import type { Lot, Terms } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { toMoney } from "../lots/money.ts";
import { auctionWords } from "../messages/en-auction.ts";
import { standingOf } from "./standing-sign.tsx";
import type { BidBoxState } from "./use-bid-box.ts";

const { box: words } = auctionWords;

interface Props {
  readonly view: AuctionView;
  readonly lot: Lot;
  readonly terms: Terms;
  readonly box: BidBoxState;
  readonly isHeld: boolean;
}

/** What can be done beside a bid; each is asked for twice. */
export function OtherWays({ box, view, lot, terms, isHeld }: Props) {
  const { currency } = terms;
  const standing = standingOf(view.own, lot);
  const canRetract = terms.kind === "sealed" || ("retraction" in terms && terms.retraction !== undefined);
  const buyNow = terms.kind === "english" ? terms.buyNow : undefined;
  const price = lot.bids === 0 ? buyNow : undefined;
  const mayRetract = canRetract && standing !== "none" && view.phase !== "closing";
  // The row stays when there is nothing in it any more, or not yet.
  if (buyNow === undefined && !canRetract) return null;
  return (
    <div className="other-ways">
      {price !== undefined && (
        <button type="button" className="button" aria-disabled={isHeld} onClick={() => isHeld || box.ask({ kind: "buyNow", amount: price })}>
          {words.buyNow(toMoney(price, currency))}
        </button>
      )}
      {mayRetract && (
        <button type="button" className="button" aria-disabled={isHeld} onClick={() => isHeld || box.ask({ kind: "retract" })}>
          {words.retract}
        </button>
      )}
    </div>
  );
}
