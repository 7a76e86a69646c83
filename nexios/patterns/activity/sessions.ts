/** From a moment to another, with no gap in between. */
export interface Stay {
  readonly firstAt: number;
  readonly lastAt: number;
}

/** A visit: events of one visitor with less than a gap between any two that follow each other. */
export interface Session extends Stay {
  readonly visitor: string;
}

/** What becomes of a visitor's sessions. */
export interface SessionChange {
  /** All that there are now. */
  readonly after: readonly Session[];
  /** Those that have become part of another. */
  readonly gone: readonly Session[];
  /** Those that are new or reach further, as they are now. */
  readonly changed: readonly Session[];
  /** When those begin that began at another time before, or were not there. */
  readonly begun: readonly number[];
}

/** Without an event for so long a session is over. */
export const sessionGapMs: number = 30 * 60_000;

/** Puts events of one visitor to the visitor's sessions. Whatever the order in which events come, the sessions are the same in the end. */
export function joinSessions(visitor: string, known: readonly Session[], stays: readonly Stay[]): SessionChange {
  const parts = [...known, ...stays.map((stay): Session => ({ visitor, ...stay }))].toSorted((a, b) => a.firstAt - b.firstAt);
  const joined: Session[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last !== undefined && part.firstAt - last.lastAt < sessionGapMs) joined[joined.length - 1] = { ...last, lastAt: Math.max(last.lastAt, part.lastAt) };
    else joined.push(part);
  }
  const before = new Map(known.map((session) => [session.firstAt, session]));
  const beginnings = new Set(joined.map(({ firstAt }) => firstAt));
  return {
    after: joined,
    gone: known.filter(({ firstAt }) => !beginnings.has(firstAt)),
    changed: joined.filter(({ firstAt, lastAt }) => before.get(firstAt)?.lastAt !== lastAt),
    begun: [...beginnings].filter((firstAt) => !before.has(firstAt)),
  };
}

/** Puts a moment to stays that are in no order, and may touch each other: as few as it takes to join them later. */
export function withMoment(stays: Stay[], at: number): void {
  const index = stays.findIndex(({ firstAt, lastAt }) => at - lastAt < sessionGapMs && firstAt - at < sessionGapMs);
  const stay = stays[index];
  if (stay === undefined) stays.push({ firstAt: at, lastAt: at });
  else if (at < stay.firstAt || at > stay.lastAt) stays[index] = { firstAt: Math.min(stay.firstAt, at), lastAt: Math.max(stay.lastAt, at) };
}
