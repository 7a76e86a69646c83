/** Lines that came while nobody looked: those after one number, up to another. */
export interface Mark {
  readonly after: number;
  readonly upTo: number;
}

/** How far the person of this tab has read. */
export interface Reading {
  /** The newest line that was on the screen; `undefined` before the first. */
  readonly seen: number | undefined;
  readonly mark: Mark | undefined;
  /** The past that was read is gone: another log has begun. */
  readonly isAnew: boolean;
}

export const unread: Reading = { seen: undefined, mark: undefined, isAnew: false };

/** What a join brought, as far as a reader minds. */
interface Joined {
  readonly from: { readonly epoch: string; readonly count: number } | undefined;
  readonly to: { readonly epoch: string; readonly count: number };
}

/** Lines have come: those that are on the screen are read. Whoever has just come has nothing to catch up with. */
export function arrive(reading: Reading, newest: number, isShown: boolean): Reading {
  return isShown || reading.seen === undefined ? { ...reading, seen: newest } : reading;
}

/** The chat comes onto the screen: what came meanwhile is marked, and read from now on. */
export function open(reading: Reading, newest: number): Reading {
  const { seen = newest } = reading;
  return { ...reading, seen: newest, mark: newest > seen ? { after: seen, upTo: newest } : undefined };
}

/** The connection is back: what was missed on the screen is marked. */
export function rejoin(reading: Reading, { from, to }: Joined, isShown: boolean): Reading {
  if (from === undefined || from.epoch === "") return reading;
  if (from.epoch !== to.epoch) return { seen: isShown ? to.count : 0, mark: undefined, isAnew: true };
  return isShown && to.count > from.count ? { ...reading, seen: to.count, mark: { after: from.count, upTo: to.count } } : reading;
}

/** How many lines wait to be read. */
export function countUnread({ seen }: Reading, newest: number): number {
  return Math.max(0, newest - (seen ?? newest));
}
