import { phaseOf, timeLeftOf } from "nexios/auction/client";
import type { LotCard } from "nexios/auction";
import { useServerNow } from "nexios/react";
import { auctionWords } from "../messages/en-auction.ts";
import { isOver, statusOf } from "./lot-status.ts";
import { formatLeft, formatMinute } from "./time-text.ts";

const { statuses } = auctionWords;

/** How a lot of a list stands, and how long it is: all rows look at one clock. */
export function CardTime({ card }: { readonly card: LotCard }) {
  const time = useServerNow();
  const phase = phaseOf(card, time.now);
  const timeLeft = timeLeftOf(card, phase, time);
  const status = statusOf(phase, timeLeft);
  const text = phase === "scheduled" && timeLeft !== undefined && timeLeft.seconds > 3_600 ? formatMinute(card.opensAt) : timeText(timeLeft?.seconds);
  return (
    <p className="lot-time" data-status={status}>
      <span key={status} className="note">
        {card.kind === "live" && status === "open" ? statuses.live : statuses[status]}
      </span>
      <span key={`${status} ${text.length}`}>{isOver(status) || status === "closing" ? "" : text}</span>
    </p>
  );
}

function timeText(seconds: number | undefined): string {
  return seconds === undefined ? "" : formatLeft(seconds);
}
