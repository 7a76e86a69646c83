import type { DocumentPast } from "./past.ts";

/** Some work of one person without a long pause. */
export interface HistoryGroup {
  readonly userId: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The moments before and after it. */
  readonly fromCount: number;
  readonly toCount: number;
  /** Units that were inserted and deleted. */
  readonly inserted: number;
  readonly deleted: number;
}

/** A pause ends a group. */
const pauseMs = 120_000;

/** Who worked on it when, and how much: the newest first. */
export function groupEdits(past: DocumentPast, limit = 500): readonly HistoryGroup[] {
  const groups: HistoryGroup[] = [];
  for (const { client, at, count, inserted, deleted } of past.edits) {
    const { userId = "", name = "" } = past.writerOf(client) ?? {};
    const last = groups.at(-1);
    if (last !== undefined && last.userId === userId && at - last.to <= pauseMs) {
      groups[groups.length - 1] = { ...last, to: at, toCount: count, inserted: last.inserted + inserted, deleted: last.deleted + deleted };
    } else {
      groups.push({ userId, name, from: at, to: at, fromCount: count - 1, toCount: count, inserted, deleted });
    }
  }
  return groups.slice(-limit).toReversed();
}
