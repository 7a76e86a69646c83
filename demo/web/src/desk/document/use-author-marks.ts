import { EditorView } from "@codemirror/view";
import { showAuthors } from "nexios/collab/codemirror";
import { useEffect } from "react";
import { showInitials } from "./author-initials.ts";
import { cssOf } from "./hue-of.ts";
import type { HueOf } from "./use-hue-of.ts";
import type { Authors } from "./use-authors.ts";

/** Marks in an editor who wrote what, and tells whose the passage at the caret is. */
export function useAuthorMarks(
  view: EditorView | undefined,
  authors: Authors | undefined,
  hueOf: HueOf,
  onCaretAuthor: (name: string | undefined) => void,
): void {
  const isShown = authors !== undefined;
  const runs = authors?.runs;
  useEffect(() => {
    if (view === undefined || !isShown) return;
    const tell = (): void => onCaretAuthor(authorAt(view));
    document.addEventListener("selectionchange", tell);
    return () => {
      document.removeEventListener("selectionchange", tell);
      onCaretAuthor(undefined);
    };
  }, [view, isShown, onCaretAuthor]);
  useEffect(() => {
    if (view === undefined) return;
    if (!isShown) return view.dispatch({ effects: [showAuthors(undefined, () => ""), showInitials.of(undefined)] });
    // Of a text that went on meanwhile the marks that are there move along; the next answer is for it.
    if (runs === undefined || runs.map(({ text }) => text).join("") !== view.state.sliceDoc()) return;
    view.dispatch({ effects: [showAuthors(runs, ({ userId }) => cssOf(hueOf(userId))), showInitials.of({ runs, hueOf })] });
  }, [view, isShown, runs, hueOf]);
}

function authorAt(view: EditorView): string | undefined {
  if (!view.hasFocus) return undefined;
  const { node } = view.domAtPos(view.state.selection.main.head, -1);
  const marked = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>(".nexios-author");
  return marked?.title;
}
