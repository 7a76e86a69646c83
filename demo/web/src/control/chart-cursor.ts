/** Where the cursor is: under a pointer it keeps its place, and the time goes by; by keys it keeps its moment, or a reader would be talked to without end. */
export type Cursor = { readonly kind: "place"; readonly ratio: number } | { readonly kind: "moment"; readonly at: number } | undefined;

/** What all charts show of time: the ends of their windows in milliseconds, and how far apart values are. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** Values that there are, the last of them at `lastAt`. */
  readonly count: number;
  readonly lastAt: number;
}

/** The moment under the cursor, at a whole step. Pure. */
export function momentAt(cursor: Cursor, { from, to, stepMs }: TimeSpan): number | undefined {
  if (cursor === undefined) return undefined;
  const at = cursor.kind === "moment" ? cursor.at : from + cursor.ratio * (to - from);
  return Math.round(at / stepMs) * stepMs;
}

/** The value under the cursor; `undefined` where there is none. Pure. */
export function indexAt(cursor: Cursor, { from, to, stepMs, count, lastAt }: TimeSpan): number | undefined {
  if (cursor === undefined || count === 0) return undefined;
  const at = cursor.kind === "moment" ? cursor.at : from + cursor.ratio * (to - from);
  const index = count - 1 - Math.round((lastAt - at) / stepMs);
  return at < from - stepMs || index < 0 || index >= count ? undefined : index;
}

/** The cursor some steps further, from the newest value where there was none; it stays in the window. Pure. */
export function moveCursor(cursor: Cursor, steps: number, span: TimeSpan): Cursor {
  const { from, stepMs, lastAt, count } = span;
  if (count === 0) return undefined;
  const index = indexAt(cursor, span);
  const begin = index === undefined ? lastAt + (steps < 0 ? stepMs : 0) : lastAt - (count - 1 - index) * stepMs;
  const first = Math.max(Math.ceil(from / stepMs) * stepMs, lastAt - (count - 1) * stepMs);
  return { kind: "moment", at: Math.max(first, Math.min(lastAt, begin + steps * stepMs)) };
}

/** Where a moment is between the ends of the window, from 0 to 1. Pure. */
export function ratioOf(at: number, { from, to }: Pick<TimeSpan, "from" | "to">): number {
  return Math.max(0, Math.min(1, (at - from) / (to - from)));
}
