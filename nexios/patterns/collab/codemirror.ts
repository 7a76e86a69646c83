import { Compartment, EditorState, type Extension, Prec, StateEffect, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { yCollab, ySyncFacet } from "y-codemirror.next";
import { authorMarks } from "./codemirror-authors.ts";
import { type ColourOf, hueOf } from "./codemirror-colours.ts";
import { caretsOf } from "./codemirror-carets.ts";
import { ReadingPlace } from "./codemirror-reading.ts";
import { onText, sharedText, type TextDocument } from "./engine.ts";
import type { DocumentSession } from "./session.ts";
import { findTyped } from "./textarea-difference.ts";

export { showAuthors } from "./codemirror-authors.ts";
export type { ColourOf };

/** How a document looks in an editor. */
export interface CodeMirrorOptions {
  /** The CSS colour of somebody's caret; one of his own by his user id unless given. */
  readonly colourOf?: ColourOf;
}

/**
 * Binds a CodeMirror view to a session until the function is called: typing, undo and redo of one's own edits, carets with names, and the lock while one may not write. The
 * view shows the document's text at once, and that of another document when the session has one; it brings no `history()` of its own. What one reads stays where it is while
 * others write above it.
 */
export function bindCodeMirror(session: DocumentSession, view: EditorView, { colourOf = hueOf }: CodeMirrorOptions = {}): () => void {
  const shared = new Compartment();
  const lock = new Compartment();
  let document: TextDocument | undefined;
  const place = new ReadingPlace(view);
  let endText = (): void => {};
  let isLocked: boolean | undefined;

  function follow(): void {
    if (document !== session.document) show(session.document);
    if (isLocked !== !session.canWrite) {
      isLocked = !session.canWrite;
      view.dispatch({ effects: lock.reconfigure(locked(isLocked)) });
    }
  }

  /** The text changes while nothing is bound: it is no edit. */
  function show(next: TextDocument): void {
    document = next;
    const text = sharedText(next);
    view.dispatch({ effects: shared.reconfigure(ends) });
    const change = findTyped(view.state.sliceDoc(), text.toJSON(), text.length);
    if (change !== undefined) {
      const { at, deleted, inserted } = change;
      view.dispatch({
        changes: { from: at, to: at + deleted, insert: view.state.toText(inserted) },
        annotations: Transaction.addToHistory.of(false),
      });
    }
    endText();
    // Before the editor hears of it, which is done after this.
    endText = onText(next, (_changes, origin) => {
      if (origin !== view.state.facet(ySyncFacet)) place.hold();
    });
    view.dispatch({
      effects: shared.reconfigure([
        ends,
        place.extension,
        undoOf(session),
        yCollab(text, undefined, { undoManager: session.undo.steps }),
        caretsOf(session, colourOf),
        authorMarks,
      ]),
    });
  }

  view.dispatch({ effects: StateEffect.appendConfig.of([shared.of([]), lock.of([])]) });
  follow();
  const end = session.onChange(follow);
  return () => {
    end();
    endText();
    endText = () => {};
    place.close();
    view.dispatch({ effects: [shared.reconfigure([]), lock.reconfigure([])] });
  };
}

/** As the document has them: a return that is in it is a character like others. A paste brings none, which nobody would see. */
const ends: Extension = [EditorState.lineSeparator.of("\n"), EditorView.clipboardInputFilter.of((text) => text.replaceAll(/\r\n?/g, "\n"))];

/** Still to be read, selected and copied, by keyboard too. */
function locked(isLocked: boolean): Extension {
  return [EditorState.readOnly.of(isLocked), EditorView.contentAttributes.of({ "aria-readonly": String(isLocked) })];
}

function undoOf(session: DocumentSession): Extension {
  const step = (kind: "undo" | "redo") => (): boolean => {
    if (session.canWrite) session.undo[kind]();
    return true;
  };
  const [undo, redo] = [step("undo"), step("redo")];
  return Prec.high([
    keymap.of([
      { key: "Mod-z", run: undo, shift: redo, preventDefault: true },
      { key: "Mod-y", run: redo, preventDefault: true },
    ]),
    EditorView.domEventHandlers({
      beforeinput: ({ inputType }) => (inputType === "historyUndo" ? undo() : inputType === "historyRedo" ? redo() : false),
    }),
  ]);
}
