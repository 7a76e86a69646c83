import type { LotCard } from "nexios/auction";
import { useState } from "react";

/** Which lots are shown. */
export const filters = ["open", "over", "all"] as const;
export type LotFilter = (typeof filters)[number];

interface Choice {
  readonly filter: LotFilter;
  /** What did not fit when it was chosen. A lot that ends later stays where it is: nothing moves under a finger. */
  readonly hidden: ReadonlySet<string>;
}

interface ShownLots {
  readonly shown: readonly LotCard[];
  readonly filter: LotFilter;
  readonly choose: (filter: LotFilter) => void;
  readonly counts: Readonly<Record<LotFilter, number>>;
}

/** Lots by a filter that is applied when it is chosen, and not again while somebody reads. */
export function useLotFilter(cards: readonly LotCard[]): ShownLots {
  const [{ filter, hidden }, setChoice] = useState<Choice>(() => toChoice("open", cards));
  const over = cards.filter(({ closed }) => closed !== undefined).length;
  return {
    shown: cards.filter(({ lotId, closed }) => !hidden.has(lotId) && (filter !== "over" || closed !== undefined)),
    filter,
    choose: (next) => setChoice(toChoice(next, cards)),
    counts: { open: cards.length - over, over, all: cards.length },
  };
}

function toChoice(filter: LotFilter, cards: readonly LotCard[]): Choice {
  const misfits = cards.filter(({ closed }) => (filter === "open" ? closed !== undefined : filter === "over" && closed === undefined));
  return { filter, hidden: new Set(misfits.map(({ lotId }) => lotId)) };
}
