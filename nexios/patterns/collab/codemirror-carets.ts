import { type Extension, type Range, StateEffect, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { Caret, caretLooks } from "./codemirror-caret.ts";
import type { ColourOf } from "./codemirror-colours.ts";
import type { DocumentPerson } from "./cursors.ts";
import type { DocumentSession } from "./session.ts";

const moved = StateEffect.define<undefined>();

/** Others' carets and selections, and one's own for them. */
export function caretsOf(session: DocumentSession, colourOf: ColourOf): Extension {
  const moves = new CaretMoves(session.cursors);
  const plugin = ViewPlugin.fromClass(
    class Carets {
      carets: DecorationSet;
      readonly #end: () => void;
      /** It is this view in which one is; another one may be of the same session. */
      #showsOwn = false;

      constructor(view: EditorView) {
        this.carets = draw(session, view.state.doc, colourOf, moves);
        this.#end = session.onChange(() => view.dispatch({ effects: moved.of(undefined) }));
        // In another document the places of the one before say nothing.
        if (view.hasFocus) this.#showOwn(view);
      }

      update({ view, docChanged, selectionSet, focusChanged, changes, transactions, startState }: ViewUpdate): void {
        // Until it is told anew they stay between the same characters.
        this.carets = this.carets.map(changes);
        if (transactions.some(({ effects }) => effects.some((effect) => effect.is(moved)))) {
          this.carets = draw(session, view.state.doc, colourOf, moves);
        }
        const { from, to } = startState.selection.main;
        // What is written elsewhere moves the caret at the others' by itself, and is no sign that one is here.
        const isTouched = docChanged && changes.touchesRange(from, to) !== false;
        if (focusChanged && !view.hasFocus) this.#hideOwn();
        else if (view.hasFocus && (isTouched || selectionSet || focusChanged)) this.#showOwn(view);
      }

      destroy(): void {
        this.#end();
        this.#hideOwn();
      }

      #showOwn({ state }: EditorView): void {
        this.#showsOwn = true;
        const { anchor, head } = state.selection.main;
        session.cursors.show(anchor, head);
      }

      #hideOwn(): void {
        if (this.#showsOwn) session.cursors.hide();
        this.#showsOwn = false;
      }
    },
    { decorations: ({ carets }) => carets },
  );
  return [plugin, caretLooks];
}

/** How often each caret was moved by whose it is: what others write before it is no move of his. */
class CaretMoves {
  readonly #cursors: DocumentSession["cursors"];
  readonly #known = new Map<number, { readonly places: string; readonly moves: number }>();

  constructor(cursors: DocumentSession["cursors"]) {
    this.#cursors = cursors;
  }

  of(client: number): number {
    const { anchor = [], head = [] } = this.#cursors.placesOf(client) ?? {};
    const places = `${anchor.join()} ${head.join()}`;
    const known = this.#known.get(client);
    if (known?.places === places) return known.moves;
    const moves = (known?.moves ?? 0) + 1;
    this.#known.set(client, { places, moves });
    return moves;
  }

  /** Who is gone is forgotten. */
  keep(people: readonly DocumentPerson[]): void {
    for (const client of this.#known.keys()) if (!people.some((person) => person.client === client)) this.#known.delete(client);
  }
}

function draw({ cursors }: DocumentSession, document: Text, colourOf: ColourOf, moves: CaretMoves): DecorationSet {
  const { people } = cursors;
  const { length } = document;
  moves.keep(people);
  const all = people.flatMap((person): readonly Range<Decoration>[] => {
    const { cursor } = person;
    // The editor may be a turn behind the document.
    if (cursor === undefined || Math.max(cursor.anchor, cursor.head) > length) return [];
    const [from, to] = [Math.min(cursor.anchor, cursor.head), Math.max(cursor.anchor, cursor.head)];
    const colour = colourOf(person);
    // Above the first line a scroller would cut it off.
    const look = { name: person.name, colour, isBelow: document.lineAt(cursor.head).number === 1, moves: moves.of(person.client) };
    const caret = Decoration.widget({ widget: new Caret(look), side: cursor.head > cursor.anchor ? -1 : 1 }).range(cursor.head);
    const selection = Decoration.mark({ class: "nexios-selection", attributes: { style: `--person: ${colour}` } });
    return from === to ? [caret] : [caret, selection.range(from, to)];
  });
  return Decoration.set(all, true);
}
