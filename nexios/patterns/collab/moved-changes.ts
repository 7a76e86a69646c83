import { editText, type TextChange, type TextDocument } from "./engine.ts";
import { moveBy } from "./textarea-difference.ts";

/** Part of a text, its end left out. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where a stretch is after changes of others: in pieces, if they have written inside of it, and without what they have deleted. */
export function moveStretch(stretch: Stretch, changes: readonly TextChange[]): readonly Stretch[] {
  return changes.reduce<readonly Stretch[]>((all, change) => all.flatMap((each) => moveOnce(each, change)), [stretch]);
}

/** Does to a document what was done to a text from which it differs by changes of others: each at its place, and nothing to what is theirs. */
export function repeatAmong(document: TextDocument, changes: readonly TextChange[], others: readonly TextChange[], origin: unknown): void {
  // By how much what was done so far has moved what is behind it, there and here.
  let [there, here] = [0, 0];
  editText(
    document,
    (text) => {
      for (const { at, deleted, inserted } of changes) {
        const from = at - there;
        const stretches = deleted === 0 ? [] : moveStretch({ from, to: from + deleted }, others);
        for (const each of stretches.toReversed()) text.delete(each.from + here, each.to - each.from);
        text.insert(others.reduce((place, other) => moveBy(other, place, deleted === 0), from) + here, inserted);
        there += inserted.length - deleted;
        here += inserted.length - stretches.reduce((sum, each) => sum + each.to - each.from, 0);
      }
    },
    origin,
  );
}

function moveOnce({ from, to }: Stretch, { at, deleted, inserted }: TextChange): readonly Stretch[] {
  const by = inserted.length - deleted;
  return [
    { from, to: Math.min(to, at) },
    { from: Math.max(from, at + deleted) + by, to: to + by },
  ].filter((each) => each.to > each.from);
}
