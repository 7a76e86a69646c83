import { EditorView } from "@codemirror/view";
import { bindCodeMirror } from "nexios/collab/codemirror";
import type { DocumentSession } from "nexios/collab/client";
import { useEffect, useRef } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import { colourOf } from "./colour-of.ts";

const looks = EditorView.theme({
  "&": { backgroundColor: "var(--surface)", color: "var(--text)", border: "1px solid var(--control)", borderRadius: "8px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "2px" },
  ".cm-scroller": { font: "1.125rem/1.6 var(--serif)", overflow: "visible" },
  // Room for the name over a caret in the first line.
  ".cm-content": { padding: "24px 16px", minBlockSize: "16rem", caretColor: "var(--text)" },
  ".nexios-caret-name": { fontFamily: "var(--sans)", color: "var(--surface)" },
});

/** The text in CodeMirror. It stands in a shadow root: its styles are made by a script, which the page's policy allows there alone. */
export function Editor({ session }: { readonly session: DocumentSession }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return;
    const root = place.current.shadowRoot ?? place.current.attachShadow({ mode: "open" });
    const view = new EditorView({
      parent: root,
      root,
      extensions: [
        looks,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": words.text, spellcheck: "true", autocapitalize: "sentences" }),
      ],
    });
    const unbind = bindCodeMirror(session, view, { colourOf });
    return () => {
      unbind();
      view.destroy();
    };
  }, [session]);
  return <div ref={place} className="document-editor" />;
}
