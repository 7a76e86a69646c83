import type { LotEntry, ShownBid } from "nexios/auction";

/** Bids that have been seen and those of a newer state, newest first; what came in between unseen begins them anew. Pure. */
export function keepBids(kept: readonly ShownBid[], newest: readonly ShownBid[]): readonly ShownBid[] {
  const [last] = kept;
  const at = last === undefined ? -1 : newest.findIndex((bid) => isSame(bid, last));
  return at === -1 ? newest : [...newest.slice(0, at), ...kept];
}

/** The bids of a room's history that are older than those which are shown. Pure. */
export function olderBids(entries: readonly LotEntry[], shown: readonly ShownBid[]): readonly ShownBid[] {
  const bids = entries.flatMap((entry) => (entry.kind === "bid" || entry.kind === "retracted" ? [toShown(entry)] : []));
  const oldest = shown.at(-1);
  const at = oldest === undefined ? -1 : bids.findIndex((bid) => isSame(bid, oldest));
  return at === -1 ? [] : bids.slice(at + 1);
}

function toShown({ kind, paddle, price, leader, at }: Extract<LotEntry, { kind: "bid" | "retracted" }>): ShownBid {
  return { paddle, price, leader, at, isRetraction: kind === "retracted" };
}

function isSame(a: ShownBid, b: ShownBid): boolean {
  return a.at === b.at && a.paddle === b.paddle && a.price === b.price && a.isRetraction === b.isRetraction;
}
