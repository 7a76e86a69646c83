import { type Change, moveSpan, type Span } from "./spans.ts";

/** What somebody has written lately, until it is old. */
export interface FreshSpan extends Span {
  readonly until: number;
}

export const mostSpans = 20;

/** What is fresh after somebody's change. Of too many, one span is around all of them. Pure. */
export function noteChange(fresh: readonly FreshSpan[], change: Change, until: number): readonly FreshSpan[] {
  const all = [...moveFresh(fresh, change), { from: change.at, to: change.at + change.inserted, until }];
  if (all.length <= mostSpans) return all;
  return [{ from: Math.min(...all.map(({ from }) => from)), to: Math.max(...all.map(({ to }) => to)), until: Math.max(...all.map((span) => span.until)) }];
}

/** The same after a change that makes nothing fresh. Pure. */
export function moveFresh(fresh: readonly FreshSpan[], change: Change): readonly FreshSpan[] {
  return fresh.map((span) => ({ ...moveSpan(span, change), until: span.until }));
}
