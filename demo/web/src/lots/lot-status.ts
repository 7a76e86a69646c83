import type { AuctionPhase, TimeLeft } from "nexios/auction/client";

/** What a lot is called in a list: its phase, or that its end is near. */
export type LotStatus = AuctionPhase | "soon";

const soonMs = 5 * 60_000;

/** The phase of a lot, with what is about to end told apart. Pure. */
export function statusOf(phase: AuctionPhase, timeLeft: TimeLeft | undefined): LotStatus {
  const isSoon = (phase === "open" || phase === "extended") && timeLeft !== undefined && timeLeft.ms < soonMs;
  return isSoon ? "soon" : phase;
}

/** Nothing can happen to it any more. */
export function isOver(phase: LotStatus): boolean {
  return phase === "sold" || phase === "passed" || phase === "withdrawn";
}
