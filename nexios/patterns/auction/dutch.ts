import type { Amount } from "./money.ts";
import type { DutchTerms, Moment } from "./terms.ts";

/** What a Dutch lot costs at a time: it falls by `dropBy` each `everyMs`, down to `lowest`. */
export function dutchPriceAt({ opening, dropBy, everyMs, lowest, opensAt }: DutchTerms, at: Moment): Amount {
  const drops = Math.floor(Math.max(0, at - opensAt) / everyMs);
  // So many drops could leave the safe integers.
  return drops >= (opening - lowest) / dropBy ? lowest : opening - drops * dropBy;
}
