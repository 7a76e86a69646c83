/** A visit: events of one visitor with less than a gap between any two that follow each other. */
export interface Session {
  readonly visitor: string;
  readonly firstAt: number;
  readonly lastAt: number;
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
export function joinSessions(visitor: string, known: readonly Session[], times: readonly number[]): SessionChange {
  const parts = [...known, ...times.map((at): Session => ({ visitor, firstAt: at, lastAt: at }))].toSorted((a, b) => a.firstAt - b.firstAt);
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
