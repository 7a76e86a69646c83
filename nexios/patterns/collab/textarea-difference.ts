import type { TextChange } from "./engine.ts";

/** What has become of a text where somebody has typed; `caret`: where his caret stands now. `undefined` if nothing has. */
export function findTyped(before: string, after: string, caret: number): TextChange | undefined {
  if (before === after) return undefined;
  // What was typed ends at the caret, so what is behind it is what was behind it before: of "aa" with one more "a" only the caret tells where.
  const most = Math.min(before.length, after.length);
  let end = 0;
  while (end < Math.min(most, after.length - caret) && before.at(-1 - end) === after.at(-1 - end)) end++;
  let start = 0;
  while (start < most - end && before.charAt(start) === after.charAt(start)) start++;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  // Never between the halves of a character: they would be broken.
  if (isInside(before, start) || isInside(after, start)) start--;
  if (isInside(before, before.length - end) || isInside(after, after.length - end)) end--;
  return { at: start, deleted: before.length - end - start, inserted: after.slice(start, after.length - end).toWellFormed() };
}

/** Where a place is after a change of somebody else's. `staysBefore`: what is inserted exactly there comes behind it. */
export function moveBy({ at, deleted, inserted }: TextChange, place: number, staysBefore: boolean): number {
  if (place < at || (place === at && staysBefore)) return place;
  return place >= at + deleted ? place + inserted.length - deleted : at;
}

function isInside(text: string, at: number): boolean {
  return at > 0 && /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
}
