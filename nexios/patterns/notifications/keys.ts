import type { Moment } from "./entry.ts";

/** A producer's key: its hash, the notification that was made under it, the day (since 1970) on which, and a hash of what was made. */
export type KeyRow = readonly [hash: string, id: string, day: number, content?: string];

const dayMs = 86_400_000;
/** A key is known for so many whole days. */
const keptDays = 30;

export function dayOf(at: Moment): number {
  return Math.floor(at / dayMs);
}

/** How many of the oldest rows go when one more comes: those past their days, and those past the limit. */
export function countGoneKeys(rows: readonly KeyRow[], at: Moment, most: number): number {
  const aged = rows.findIndex((row) => !isAged(row, at));
  return Math.max(aged === -1 ? rows.length : aged, rows.length + 1 - most, 0);
}

/** Since when keys are known for certain, after some of the oldest have gone: those that went for their age alone change nothing. */
export function knownSince(before: Moment, gone: readonly KeyRow[], at: Moment): Moment {
  const early = gone.findLast((row) => !isAged(row, at));
  return early === undefined ? before : Math.max(before, (early[2] + 1) * dayMs);
}

function isAged([, , day]: KeyRow, at: Moment): boolean {
  return day < dayOf(at) - keptDays;
}
