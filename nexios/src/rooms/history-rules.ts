/** What is kept of a room's past. */
export interface HistoryRules {
  /** A checkpoint after so many entries. */
  readonly checkpointEvery: number;
  /** Public entries that members may still resume from; up to `checkpointEvery` more are kept. In a room that keeps all: entries that are not packed. */
  readonly keepEntries: number;
  /** Entries that are read and folded at once. */
  readonly readEntries: number;
}

/** Up to where public entries go: it moves with public entries alone, and in steps of them, so that hidden ones can't be counted by it. */
export function trimmedPosition(position: number, { checkpointEvery, keepEntries }: Pick<HistoryRules, "checkpointEvery" | "keepEntries">): number {
  return Math.max(0, Math.floor(position / checkpointEvery) * checkpointEvery - keepEntries);
}

export const defaultHistoryRules: HistoryRules = { checkpointEvery: 1_000, keepEntries: 10_000, readEntries: 1_000 };
