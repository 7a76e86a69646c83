import type { RefusedEdit } from "nexios/collab/client";
import { useState } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import { Sign } from "./sign.tsx";

interface Props {
  readonly refused: RefusedEdit;
  /** How long a text may be. */
  readonly most: number;
  readonly onDismiss: () => void;
}

/** What was not taken: why, and the text for its author to keep. */
export function RefusedText({ refused, most, onDismiss }: Props) {
  const [isCopied, setIsCopied] = useState(false);
  const { code, text } = refused;
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setIsCopied(true), selectIt);
  return (
    <section className="document-refused" aria-label={words.refusedTitle}>
      <div role="alert">
        <h2>
          <Sign of="refused" /> {words.refusedTitle}
        </h2>
        <p>
          {words.refused[code]} {code === "TOO_LARGE" && words.lengths(text.length, most)}
        </p>
      </div>
      <label>
        <span className="note">{words.keep}</span>
        <textarea className="document-kept" readOnly rows={3} value={text} />
      </label>
      <p className="document-buttons">
        <button type="button" className="button" onClick={copy}>
          {isCopied ? words.copied : words.copy}
        </button>
        <button type="button" className="button" onClick={onDismiss}>
          {words.dismiss}
        </button>
      </p>
    </section>
  );
}

/** Where nothing may be put on the clipboard by a page, one does it oneself. */
function selectIt(): void {
  document.querySelector<HTMLTextAreaElement>(".document-kept")?.select();
}
