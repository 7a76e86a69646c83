import type { Lot, Own } from "./contract.ts";
import { dutchPriceAt } from "./dutch.ts";
import type { Amount } from "./money.ts";
import { stepAt } from "./steps.ts";
import { defaultTerms, type Moment } from "./terms.ts";

/** Where a lot is in its life. `closing`: its time is over, and the server has not said yet how it ended. */
export type AuctionPhase = "unlisted" | "scheduled" | "open" | "extended" | "paused" | "closing" | "sold" | "passed" | "withdrawn";

/** How long it is to the end. */
export interface TimeLeft {
  /** Milliseconds; 0 when the time is over. */
  readonly ms: number;
  /** What a countdown shows: whole seconds, rounded up, so that it is 0 only at the end. */
  readonly seconds: number;
  /** The server's clock may be so many milliseconds off. */
  readonly boundMs: number;
}

/** What of a lot its phase depends on: a lot's state, or its card in a list. */
type PhaseFacts = Pick<Lot, "isOpened" | "isPaused" | "closesAt"> & {
  readonly closed?: Pick<NonNullable<Lot["closed"]>, "ending" | "sold">;
  readonly opensAt: Moment | undefined;
  readonly isExtended: boolean;
};

/** Where the lot is at a time of the server's clock. Only the log says that it is over. */
export function phaseOf({ closed, opensAt, closesAt, isOpened, isPaused, isExtended }: PhaseFacts, now: Moment): AuctionPhase {
  if (opensAt === undefined) return "unlisted";
  if (closed !== undefined) return closed.sold !== undefined ? "sold" : closed.ending === "withdrawn" ? "withdrawn" : "passed";
  if (closesAt !== undefined && now >= closesAt) return "closing";
  if (isPaused) return "paused";
  if (!isOpened && now < opensAt) return "scheduled";
  return isExtended ? "extended" : "open";
}

/** How long it is to the end, or to the opening of what is not open yet; `undefined` for what ends by no clock. */
export function timeLeftOf(
  { opensAt, closesAt }: Pick<PhaseFacts, "opensAt" | "closesAt">,
  phase: AuctionPhase,
  { now, bound }: { readonly now: Moment; readonly bound: number },
): TimeLeft | undefined {
  const end = phase === "scheduled" ? opensAt : closesAt;
  if (end === undefined || phase === "sold" || phase === "passed" || phase === "withdrawn") return undefined;
  const ms = Math.max(0, end - now);
  return { ms, seconds: Math.ceil(ms / 1_000), boundMs: bound };
}

/** The least that somebody can bid now. */
export function minimumFor({ terms, minimum }: Lot, own: Own | undefined, now: Moment): Amount {
  if (terms?.kind === "dutch") return dutchPriceAt(terms, now);
  return own?.standing === "leading" ? own.maximum + (terms?.unit ?? defaultTerms.unit) : minimum;
}

/** The next bids that suggest themselves: the minimum, and steps above it. */
export function quickBids({ terms }: Lot, minimum: Amount, count = 3): readonly Amount[] {
  if (terms?.kind !== "english" && terms?.kind !== "live") return [minimum];
  const bids = [minimum];
  while (bids.length < count) {
    const last = bids.at(-1) ?? minimum;
    bids.push(last + stepAt(terms.steps, last));
  }
  return bids;
}

/** A bid that may be a slip of the hand: ten times the minimum, or more. */
export function isUnusual(bid: Amount, minimum: Amount): boolean {
  return bid >= minimum * 10;
}
