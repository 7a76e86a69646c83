import { floorPrefix } from "./refusals.ts";
import { sealOf } from "./seal.ts";
import { type BookEntry, revealEntry } from "./state.ts";

/** An entry of a lot as it is found in a store. */
export interface FoundEntry {
  /** Its place in the log, from 1. */
  readonly offset: number;
  /** `undefined`: what is stored can't be read as an entry. */
  readonly entry: BookEntry | undefined;
  /** What members get of it; `undefined` for nothing. */
  readonly shown: unknown;
  /** When it was written and for whom, as the store has it beside the entry: it must be what the entry says, where that says it. */
  readonly at?: number;
  readonly author?: string | undefined;
}

/** What an audit has found. */
export interface AuditReport {
  readonly entries: number;
  /** The offset of the first entry that is not what was written, or not there. */
  readonly firstBad: number | undefined;
  readonly why: string | undefined;
  /** The last hash of the chain, as far as it holds. */
  readonly seal: string;
}

/** What is known of a lot beside its entries. */
export interface AuditFacts {
  /** How many entries the log's own head counts. */
  readonly headOffset: number;
  /** Hashes that were printed at the close, wherever they were kept. */
  readonly printed: readonly string[];
}

/**
 * Verifies the chain of a lot's entries: each seal is the hash over the one before and its own entry, so what is altered, removed or swapped does not fit. What is removed at
 * the end is seen by the log's head, and by a seal that was printed at the close.
 */
export function auditEntries(found: readonly FoundEntry[], { headOffset, printed }: AuditFacts): AuditReport {
  let seal = "";
  let offset = 0;
  let isClosed = false;
  const bad = (firstBad: number, why: string): AuditReport => ({ entries: found.length, firstBad, why, seal });
  for (const each of found) {
    const { entry, shown } = each;
    offset++;
    if (each.offset !== offset) return bad(offset, `entry ${offset} is not there`);
    if (entry === undefined) return bad(offset, `entry ${offset} can't be read`);
    if (isClosed && entry.change.kind !== "voided") return bad(offset, `entry ${offset} stands after the close`);
    if (sealOf(seal, entry) !== entry.seal) return bad(offset, `entry ${offset} is not what was written there`);
    if (JSON.stringify(revealEntry(entry)) !== JSON.stringify(shown)) return bad(offset, `members are shown another thing of entry ${offset}`);
    if (!isBesideIt(entry, each)) return bad(offset, `entry ${offset} has another time or author beside it than it says itself`);
    seal = entry.seal;
    isClosed ||= entry.shown?.kind === "closed";
    if (entry.shown?.kind === "closed" && printed.some((hash) => hash !== entry.seal))
      return bad(offset, `the close does not bear the seal that was printed: ${printed.find((hash) => hash !== entry.seal)}`);
  }
  if (headOffset !== offset) return bad(Math.min(headOffset, offset) + 1, `the log's head counts ${headOffset} entries, ${offset} are there`);
  if (printed.length > 0 && !isClosed) return bad(offset + 1, "a seal was printed at the close, and there is no close");
  return { entries: found.length, firstBad: undefined, why: undefined, seal };
}

function isBesideIt({ change, shown }: BookEntry, { at, author }: FoundEntry): boolean {
  const saidAt = shown?.at ?? ("at" in change ? change.at : undefined);
  // A bid of the room is booked for nobody, and by an auctioneer.
  const bidder = "bidder" in change && !change.bidder.startsWith(floorPrefix) ? change.bidder : undefined;
  return (at ?? saidAt) === (saidAt ?? at) && (author ?? bidder) === (bidder ?? author);
}
