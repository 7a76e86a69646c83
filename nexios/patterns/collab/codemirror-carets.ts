import { type Extension, type Range, StateEffect } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from "@codemirror/view";
import type { ColourOf } from "./codemirror-colours.ts";
import type { DocumentPerson } from "./cursors.ts";
import type { DocumentSession } from "./session.ts";

const moved = StateEffect.define<undefined>();

/** What of an element is used: a server's types have none. */
interface ElementLike {
  readonly ownerDocument: { createElement(name: string): ElementLike & HTMLElement };
  readonly style: { setProperty(name: string, value: string): void };
  className: string;
  textContent: string | null;
  setAttribute(name: string, value: string): void;
  append(child: ElementLike): void;
}

/** Others' carets and selections, and one's own for them. */
export function caretsOf(session: DocumentSession, colourOf: ColourOf): Extension {
  const plugin = ViewPlugin.fromClass(
    class Carets {
      carets: DecorationSet;
      readonly #end: () => void;

      constructor(view: EditorView) {
        this.carets = draw(session.cursors.people, view.state.doc.length, colourOf);
        this.#end = session.onChange(() => view.dispatch({ effects: moved.of(undefined) }));
        // In another document the places of the one before say nothing.
        if (view.hasFocus) showOwn(session, view);
      }

      update({ view, docChanged, selectionSet, focusChanged, changes, transactions, startState }: ViewUpdate): void {
        // Until it is told anew they stay between the same characters.
        this.carets = this.carets.map(changes);
        if (transactions.some(({ effects }) => effects.some((effect) => effect.is(moved)))) {
          this.carets = draw(session.cursors.people, view.state.doc.length, colourOf);
        }
        const { from, to } = startState.selection.main;
        // What is written elsewhere moves the caret at the others' by itself, and is no sign that one is here.
        const isTouched = docChanged && changes.touchesRange(from, to) !== false;
        if (focusChanged && !view.hasFocus) session.cursors.hide();
        else if (view.hasFocus && (isTouched || selectionSet || focusChanged)) showOwn(session, view);
      }

      destroy(): void {
        this.#end();
      }
    },
    { decorations: ({ carets }) => carets },
  );
  return [plugin, looks];
}

function showOwn({ cursors }: DocumentSession, { state }: EditorView): void {
  const { anchor, head } = state.selection.main;
  cursors.show(anchor, head);
}

function draw(people: readonly DocumentPerson[], length: number, colourOf: ColourOf): DecorationSet {
  const all = people.flatMap((person): readonly Range<Decoration>[] => {
    const { cursor } = person;
    // The editor may be a turn behind the document.
    if (cursor === undefined || Math.max(cursor.anchor, cursor.head) > length) return [];
    const [from, to] = [Math.min(cursor.anchor, cursor.head), Math.max(cursor.anchor, cursor.head)];
    const colour = colourOf(person);
    const caret = Decoration.widget({ widget: new Caret(person.name, colour), side: cursor.head > cursor.anchor ? -1 : 1 }).range(cursor.head);
    const selection = Decoration.mark({ class: "nexios-selection", attributes: { style: `--person: ${colour}` } });
    return from === to ? [caret] : [caret, selection.range(from, to)];
  });
  return Decoration.set(all, true);
}

class Caret extends WidgetType {
  readonly #name: string;
  readonly #colour: string;

  constructor(name: string, colour: string) {
    super();
    this.#name = name;
    this.#colour = colour;
  }

  override eq(other: Caret): boolean {
    return other.#name === this.#name && other.#colour === this.#colour;
  }

  // It is no part of the text that is read out; who is here is said elsewhere.
  toDOM({ dom }: EditorView): HTMLElement {
    const { ownerDocument } = dom as unknown as ElementLike;
    const caret = ownerDocument.createElement("span");
    caret.className = "nexios-caret";
    caret.setAttribute("aria-hidden", "true");
    caret.style.setProperty("--person", this.#colour);
    const name = ownerDocument.createElement("span");
    name.className = "nexios-caret-name";
    name.textContent = this.#name;
    caret.append(name);
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const looks = EditorView.baseTheme({
  ".nexios-selection": { background: "color-mix(in oklch, var(--person) 25%, transparent)" },
  // It takes no place, so that no line is ever moved by it.
  ".nexios-caret": { position: "relative", borderInlineStart: "2px solid var(--person)", marginInline: "-1px", pointerEvents: "none" },
  ".nexios-caret-name": {
    position: "absolute",
    insetBlockEnd: "100%",
    insetInlineStart: "-2px",
    padding: "0 4px",
    borderRadius: "4px 4px 4px 0",
    background: "var(--person)",
    color: "var(--person-ink, #fff)",
    font: "600 11px/1.4 system-ui",
    whiteSpace: "nowrap",
    maxInlineSize: "12em",
    overflow: "hidden",
    textOverflow: "ellipsis",
    zIndex: "1",
  },
});
