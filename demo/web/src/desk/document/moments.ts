import type { HistoryGroup } from "nexios/collab";

/** A moment that is looked at: the text after so many entries, beside what it was before that work, or beside what it is now. */
export interface Moment {
  readonly count: number;
  readonly beside: "before" | "now";
  /** Before which work, where that was chosen itself: others may have worked at the same time. */
  readonly from?: number;
}

/** All work that a moment is in; those who work at once have some each. Pure. */
export function groupsIn(groups: readonly HistoryGroup[], count: number): readonly HistoryGroup[] {
  return groups.filter(({ fromCount, toCount }) => fromCount < count && count <= toCount);
}

/** The work that a moment is in, of several the one begun last; or the last before it. Those that ended last come first. Pure. */
export function groupAt(groups: readonly HistoryGroup[], count: number): HistoryGroup | undefined {
  const [newest] = groupsIn(groups, count).toSorted((one, other) => other.fromCount - one.fromCount);
  return newest ?? groups.find(({ toCount }) => toCount < count);
}

/** Between which moments is compared; none is before the oldest that is kept. Pure. */
export function rangeOf(
  { count, beside, from }: Moment,
  groups: readonly HistoryGroup[],
  { oldest, newest }: { readonly oldest: number; readonly newest: number },
): { readonly from: number; readonly to: number } {
  const at = Math.max(count, oldest);
  if (beside === "now") return { from: at, to: Math.max(at, newest) };
  return { from: Math.max(oldest, from ?? groupAt(groups, at)?.fromCount ?? at), to: at };
}

/** When a moment was, as far as its work tells. Pure. */
export function timeOf(groups: readonly HistoryGroup[], count: number): number | undefined {
  const group = groupAt(groups, count);
  if (group === undefined) return undefined;
  const { from, to, fromCount, toCount } = group;
  const part = Math.min(1, (count - fromCount) / (toCount - fromCount));
  return from + (to - from) * part;
}

/** Whether nobody wrote between two moments, as far as is known. Pure. */
export function areSame(groups: readonly HistoryGroup[], one: number, other: number): boolean {
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  return first === last || !groups.some(({ fromCount, toCount }) => fromCount < last && toCount > first);
}
