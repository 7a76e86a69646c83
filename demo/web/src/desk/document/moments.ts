import type { HistoryGroup } from "nexios/collab";

/** A moment that is looked at: the text after so many entries, beside what it was before that work, or beside what it is now. */
export interface Moment {
  readonly count: number;
  readonly beside: "before" | "now";
}

/** The work that a moment is in, or comes after; of the newest first. Pure. */
export function groupAt(groups: readonly HistoryGroup[], count: number): HistoryGroup | undefined {
  return groups.find(({ fromCount }) => fromCount < count);
}

/** Between which moments is compared. Pure. */
export function rangeOf({ count, beside }: Moment, groups: readonly HistoryGroup[], newest: number): { readonly from: number; readonly to: number } {
  if (beside === "now") return { from: count, to: Math.max(count, newest) };
  return { from: groupAt(groups, count)?.fromCount ?? count, to: count };
}

/** When a moment was, as far as its work tells. Pure. */
export function timeOf(groups: readonly HistoryGroup[], count: number): number | undefined {
  const group = groupAt(groups, count);
  if (group === undefined) return undefined;
  const { from, to, fromCount, toCount } = group;
  const part = Math.min(1, (count - fromCount) / (toCount - fromCount));
  return from + (to - from) * part;
}
