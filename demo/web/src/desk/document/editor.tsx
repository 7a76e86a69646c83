import { standardKeymap } from "@codemirror/commands";
import { Compartment } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { bindCodeMirror } from "nexios/collab/codemirror";
import type { DocumentSession } from "nexios/collab/client";
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import { authorInitials } from "./author-initials.ts";
import { coveredEnds } from "./free-part.ts";
import { cssOf } from "./hue-of.ts";
import { useAuthorMarks } from "./use-author-marks.ts";
import type { HueOf } from "./use-hue-of.ts";
import type { Authors } from "./use-authors.ts";

/** What a page does with whatever one writes in. */
export interface EditorHandle {
  focus(): void;
}

interface Props {
  readonly session: DocumentSession;
  readonly canWrite: boolean;
  readonly hueOf: HueOf;
  readonly authors: Authors | undefined;
  readonly onCaretAuthor: (name: string | undefined) => void;
  readonly ref: Ref<EditorHandle>;
}

/** The text in CodeMirror. It stands in a shadow root: its styles are made by a script, which the page's policy allows there alone. */
export function Editor({ session, canWrite, hueOf, authors, onCaretAuthor, ref }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const [hint] = useState(() => new Compartment());
  useImperativeHandle(ref, () => ({ focus: () => view?.focus() }), [view]);
  useEffect(() => {
    if (place.current === null) return;
    const root = place.current.shadowRoot ?? place.current.attachShadow({ mode: "open" });
    const made = new EditorView({ parent: root, root, extensions: [...basics, hint.of([])] });
    const unbind = bindCodeMirror(session, made, { colourOf: ({ userId }) => cssOf(hueOf(userId)) });
    const endFollowing = keepCaretSeen(made);
    setView(made);
    return () => {
      endFollowing();
      unbind();
      made.destroy();
      setView(undefined);
    };
  }, [session, hueOf, hint]);
  useEffect(() => view?.dispatch({ effects: hint.reconfigure(placeholder(canWrite ? words.empty : words.emptyRead)) }), [view, canWrite, hint]);
  useAuthorMarks(view, authors, hueOf, onCaretAuthor);
  return <div ref={place} className="document-editor" />;
}

/** A soft keyboard, or a bar, does not cover the line that one writes in. */
function keepCaretSeen(view: EditorView): () => void {
  const { visualViewport } = window;
  const follow = (): void => {
    if (view.hasFocus) view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head) });
  };
  visualViewport?.addEventListener("resize", follow);
  return () => visualViewport?.removeEventListener("resize", follow);
}

/** What the bar, a sheet or a keyboard covers, and a line more. */
function marginsOfWindow(): { readonly top: number; readonly bottom: number } {
  const { top, bottom } = coveredEnds();
  return { top: top + 24, bottom: bottom + 24 };
}

const basics = [
  // Without the Tab key, which leaves the text.
  keymap.of(standardKeymap),
  EditorView.lineWrapping,
  authorInitials,
  EditorView.scrollMargins.of(marginsOfWindow),
  EditorView.contentAttributes.of({ "aria-label": words.text, spellcheck: "true", autocapitalize: "sentences", autocorrect: "on" }),
  EditorView.theme({
    "&": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--control)", borderRadius: "var(--radius-2)" },
    "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
    ".cm-scroller": { font: "var(--size-4) / 1.65 var(--serif)", overflow: "visible" },
    // Room for the name over a caret in the first line.
    ".cm-content": { padding: "28px var(--document-pad)", minBlockSize: "var(--document-least)", caretColor: "var(--text)" },
    ".cm-line": { padding: "0" },
    ".cm-placeholder": { color: "var(--muted)", fontStyle: "italic" },
    ".document-initials::before": {
      content: 'attr(data-initials) / ""',
      position: "absolute",
      translate: "0 -0.55em",
      font: "700 0.625rem / 1 var(--sans)",
      color: "var(--person)",
      pointerEvents: "none",
    },
    ".nexios-caret-name": { fontFamily: "var(--sans)", color: "var(--on-accent)" },
  }),
];
