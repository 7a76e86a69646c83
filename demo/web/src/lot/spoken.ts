import type { Lot, OwnStanding } from "nexios/auction";
import { auctionWords } from "../messages/en-auction.ts";
import { toMoney } from "../lots/money.ts";
import { formatClock } from "../lots/time-text.ts";

const { lot: words } = auctionWords;

/** What of a lot a voice speaks about. */
export interface Heard {
  readonly lot: Lot;
  readonly currency: string;
  readonly standing: OwnStanding;
  readonly isLastMinute: boolean;
}

/** What a voice says of a change: only what a bidder has to know at once. Pure; `undefined`: nothing. */
export function toSpoken(before: Heard, { lot, currency, standing, isLastMinute }: Heard): string | undefined {
  if (lot.closed !== undefined) {
    if (before.lot.closed !== undefined && before.standing === standing) return undefined;
    if (standing === "won") return words.spoken.closed.won;
    // Who has bid is told when his own outcome is known.
    if (lot.closed.sold === undefined) return words.spoken.closed.unsold;
    return standing === "lost" ? words.spoken.closed.lost : standing === "none" ? words.spoken.closed.sold : undefined;
  }
  if (standing === "outbid" && before.standing === "leading") return words.spoken.outbid(toMoney(lot.minimum, currency));
  if (lot.extensions > before.lot.extensions && lot.extendedFor !== undefined && lot.closesAt !== undefined)
    return words.extended[lot.extendedFor](formatClock(lot.closesAt));
  if (lot.stage !== before.lot.stage && lot.stage !== "asking") return words.stages[lot.stage];
  return isLastMinute && !before.isLastMinute ? words.spoken.lastMinute : undefined;
}
