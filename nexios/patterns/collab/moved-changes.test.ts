import fc from "fast-check";
import { expect, test } from "vitest";
import { applyUpdate, createDocument, editText, encodeMissing, type TextChange, textOf } from "./engine.ts";
import { moveStretch, repeatAmong } from "./moved-changes.ts";
import { changesBy } from "./repeat-changes.ts";

interface Draw {
  readonly at: number;
  readonly deleted: number;
  readonly inserted: string;
}

const draw = (letters: string): fc.Arbitrary<Draw> =>
  fc.record({ at: fc.nat(30), deleted: fc.nat(6), inserted: fc.array(fc.constantFrom(...letters.split("")), { maxLength: 4 }).map((all) => all.join("")) });

/** The changes as one edit of a text, and the text after it. */
function change(before: string, draws: readonly Draw[]): { readonly changes: readonly TextChange[]; readonly after: string } {
  const document = createDocument(1);
  editText(document, (text) => text.insert(0, before));
  const other = createDocument(2);
  applyUpdate(other, encodeMissing(document, other));
  editText(other, (text) => {
    for (const { at, deleted, inserted } of draws) {
      const place = Math.min(at, text.length);
      text.delete(place, Math.min(deleted, text.length - place));
      text.insert(place, inserted);
    }
  });
  const update = encodeMissing(other, document);
  return { changes: changesBy(document, () => applyUpdate(document, update)), after: textOf(document) };
}

test("a stretch in which another writes is two, and what he deletes of it is gone", () => {
  const moved = moveStretch({ from: 4, to: 10 }, [
    { at: 6, deleted: 0, inserted: "abc" },
    { at: 0, deleted: 5, inserted: "x" },
  ]);

  expect(moved).toEqual([
    { from: 1, to: 2 },
    { from: 5, to: 9 },
  ]);
});

test("what was done to a text is done again where another has changed it: all letters of both are there, and what either has deleted is not", () => {
  fc.assert(
    fc.property(fc.array(draw("abc"), { maxLength: 5 }), draw("XYZ"), (own, other) => {
      const before = Array.from({ length: 20 }, (_, at) => String.fromCodePoint(0x30 + at)).join("");
      const mine = change(before, own);
      const theirs = change(before, [other]);
      const document = createDocument(3);
      editText(document, (text) => text.insert(0, theirs.after));

      repeatAmong(document, mine.changes, theirs.changes, undefined);

      const sorted = (text: string): readonly string[] => Array.from(text).toSorted();
      const stay = Array.from(before).filter((letter) => mine.after.includes(letter) && theirs.after.includes(letter));
      const added = [mine.after, theirs.after].flatMap((text) => Array.from(text).filter((letter) => !before.includes(letter)));
      expect(sorted(textOf(document))).toEqual(sorted([...stay, ...added].join("")));
    }),
  );
});
