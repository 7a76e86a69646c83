import type { Lot } from "nexios/auction";
import type { AuctionView } from "nexios/auction/react";
import { auctionWords } from "../messages/en-auction.ts";
import { isOver } from "../lots/lot-status.ts";
import { formatClock, formatLeft, formatMinute } from "../lots/time-text.ts";

const { lot: words, statuses } = auctionWords;
/** A clock that may be further off says so. */
const wideMs = 500;
const daySeconds = 86_400;
const lastMinuteMs = 60_000;

interface Shown {
  readonly label: string;
  readonly text: string;
  readonly detail: string;
  readonly isUrgent?: boolean;
}

/** How long it is, or what is said instead of that: only the log says that a lot is over. */
export function Countdown({ view, lot }: { readonly view: AuctionView; readonly lot: Lot }) {
  const { label, text, detail, isUrgent = false } = toShown(view, lot);
  return (
    <p className="board-cell board-time" data-urgent={isUrgent}>
      <span className="note">{label}</span>
      <span key={text.length} className="board-figure" data-words={/[a-z]{3}/i.test(text)} role="timer" aria-live="off">
        {text}
      </span>
      <span className="note">{detail}</span>
    </p>
  );
}

function toShown({ phase, timeLeft }: AuctionView, { terms, closed, closesAt, stage, isPaused }: Lot): Shown {
  if (isOver(phase)) return { label: words.times.ended, text: statuses[phase], detail: closed === undefined ? "" : words.at(formatClock(closed.at)) };
  if (phase === "closing") return { label: words.times.closing, text: words.closing, detail: words.judged, isUrgent: true };
  if (timeLeft === undefined) {
    return { label: words.times.auctioneer, text: isPaused ? words.paused : words.stages[stage], detail: "\u00a0", isUrgent: !isPaused && stage !== "asking" };
  }
  const { ms, seconds, boundMs } = timeLeft;
  const end = phase === "scheduled" ? terms?.opensAt : closesAt;
  const bound = boundMs > wideMs && boundMs < Infinity ? ` ${words.bound(Math.ceil(boundMs / 1_000))}` : "";
  return {
    label: phase === "scheduled" ? words.times.opens : words.times.closes,
    // Before the server was heard nobody knows its time.
    text: boundMs === Infinity ? "–:––" : formatLeft(seconds),
    detail: end === undefined ? "" : words.at(seconds > daySeconds ? formatMinute(end) : formatClock(end)) + bound,
    isUrgent: phase !== "scheduled" && ms < lastMinuteMs,
  };
}
