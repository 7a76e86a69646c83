import { type ChangeDesc, type Range, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { AuthoredRun } from "./attribution.ts";
import type { ColourOf } from "./codemirror-colours.ts";

interface Shown {
  readonly runs: readonly AuthoredRun[];
  readonly colourOf: ColourOf;
}

const shown = StateEffect.define<Shown | undefined>();

/**
 * Marks who wrote what, in a view that is bound: `view.dispatch({ effects: showAuthors(runs, colourOf) })`, with the runs that `authorsAt` gives. Nothing is marked if they
 * are not the view's text any more. The marks move with the text; what is written later has none. `undefined` takes them away.
 */
export function showAuthors(runs: readonly AuthoredRun[] | undefined, colourOf: ColourOf): StateEffect<unknown> {
  return shown.of(runs && { runs, colourOf });
}

const looks = EditorView.baseTheme({
  ".nexios-author": { background: "color-mix(in oklch, var(--person) 14%, transparent)", borderBlockEnd: "2px solid var(--person)" },
});

/** Keeps the marks. */
export const authorMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, newDoc }) {
    const effect = effects.find((each) => each.is(shown));
    if (effect === undefined) return changes.empty ? marks : withoutInserted(marks.map(changes), changes);
    return effect.value === undefined || joined(effect.value.runs) !== newDoc.sliceString(0, newDoc.length, "\n") ? Decoration.none : mark(effect.value);
  },
  provide: (field) => [EditorView.decorations.from(field), looks],
});

/** A mark grows with what is written inside of it, which may be anybody's. */
function withoutInserted(marks: DecorationSet, changes: ChangeDesc): DecorationSet {
  let left = marks;
  changes.iterChangedRanges((_from, _to, from, to) => {
    if (from === to) return;
    const parts: Range<Decoration>[] = [];
    left.between(from, to, (start, end, decoration) => {
      if (start < from && end > from) parts.push(decoration.range(start, from));
      if (start < to && end > to) parts.push(decoration.range(to, end));
    });
    left = left.update({ filterFrom: from, filterTo: to, filter: (start, end) => start >= to || end <= from, add: parts });
  });
  return left;
}

function mark({ runs, colourOf }: Shown): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let at = 0;
  for (const run of runs) {
    const attributes = { style: `--person: ${colourOf(run)}`, title: run.name };
    builder.add(at, at + run.text.length, Decoration.mark({ class: "nexios-author", attributes }));
    at += run.text.length;
  }
  return builder.finish();
}

function joined(runs: readonly AuthoredRun[]): string {
  return runs.map(({ text }) => text).join("");
}
