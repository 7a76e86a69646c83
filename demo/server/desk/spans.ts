/** From one place in a text up to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What was changed in a text: so much was taken away at a place, and so much stands there instead. */
export interface Change {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: number;
}

/** What makes one text another, as one change around all of it; `undefined` if they are the same. Pure. */
export function changeOf(before: string, after: string): Change | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charAt(start) === after.charAt(start)) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { at: start, deleted: before.length - start - end, inserted: after.length - start - end };
}

/** Where a span is after a change: what is written at its ends or inside of it becomes a part of it. Pure. */
export function moveSpan({ from, to }: Span, { at, deleted, inserted }: Change): Span {
  const end = at + deleted;
  const by = inserted - deleted;
  return {
    from: from <= at ? from : from >= end ? from + by : at,
    to: to < at ? to : to >= end ? to + by : at + inserted,
  };
}

/** True if a span neither touches nor overlaps any of these. Pure. */
export function isFree(kept: readonly Span[], { from, to }: Span): boolean {
  return kept.every((span) => to < span.from || from > span.to);
}
