import type { Head, Millis, Offset } from "../log.ts";
import { emptyHead } from "../seal.ts";

/** What a room keeps of outcomes: how many, their bytes, and the sum of their checks modulo 2^32. */
export interface OutcomeTotals {
  readonly count: number;
  readonly bytes: number;
  readonly checks: number;
}

/** What stands in a room's row, or is to stand there. */
export interface RoomRow {
  readonly id: number;
  readonly name: string;
  readonly head: Head;
  /** The running checks just before the first entry, and the first public one, that are kept. */
  readonly trimmedCheck: number;
  readonly trimmedPublicCheck: number;
  readonly changedAt: Millis;
  /** Kept entries, whole or public alone, and their bytes. */
  readonly entries: number;
  readonly bytes: number;
  readonly outcomes: OutcomeTotals;
  /** Where the kept checkpoint stands. */
  readonly checkpoint: Offset | undefined;
  /** The check of the row that was read: the next one takes its place, and no other's. */
  readonly check: number;
}

/** The row of a room that nobody has written to. */
export function emptyRoom(name: string, epoch: string): RoomRow {
  const nothing = { entries: 0, bytes: 0, outcomes: { count: 0, bytes: 0, checks: 0 }, checkpoint: undefined };
  return { id: 0, name, head: emptyHead(epoch), trimmedCheck: 0, trimmedPublicCheck: 0, changedAt: 0, ...nothing, check: 0 };
}
