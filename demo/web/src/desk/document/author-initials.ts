import { type Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { AuthoredRun } from "nexios/collab";
import { cssOf } from "./hue-of.ts";
import { markOf } from "./mark-of.ts";
import type { HueOf } from "./use-hue-of.ts";

interface Shown {
  readonly runs: readonly AuthoredRun[];
  readonly hueOf: HueOf;
}

/** Shows at each passage whose it is, where another one's begins; `undefined`: nothing. Of the text that the view has. */
export const showInitials = StateEffect.define<Shown | undefined>();

/** Initials over the first letter of each passage: who does not tell colours apart sees whose it is. They move with the text. */
export const authorInitials = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes }) {
    const effect = effects.find((each) => each.is(showInitials));
    if (effect === undefined) return marks.map(changes);
    return effect.value === undefined ? Decoration.none : Decoration.set(marksOf(effect.value));
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marksOf({ runs, hueOf }: Shown): readonly Range<Decoration>[] {
  const marks: Range<Decoration>[] = [];
  let [at, before] = [0, ""];
  for (const { userId, name, text } of runs) {
    const letter = /[^\s]/u.exec(text);
    if (letter !== null && userId !== before) {
      const from = at + letter.index;
      const attributes = { style: `--person: ${cssOf(hueOf(userId))}`, "data-initials": markOf(name) };
      marks.push(Decoration.mark({ class: "document-initials", attributes }).range(from, from + letter[0].length));
      before = userId;
    }
    at += text.length;
  }
  return marks;
}
