import type { RefusedEdit } from "nexios/collab/client";
import { useRef, useState } from "react";
import { documentWords as words } from "../../messages/en-document.ts";
import { Sign } from "./sign.tsx";

interface Props {
  readonly refused: RefusedEdit;
  /** So many wait after this one. */
  readonly more: number;
  /** How long a text may be. */
  readonly most: number;
  /** Why it is only read, if it is. */
  readonly whyReadOnly: string | undefined;
  readonly onDismiss: () => void;
}

/** What was not taken: why, and the text for its author to keep. What he has not copied is thrown away only when that is confirmed. */
export function RefusedText({ refused, more, most, whyReadOnly, onDismiss }: Props) {
  const { code, text } = refused;
  // Of one text: the next one takes its place.
  const [copied, setCopied] = useState<RefusedEdit>();
  const [asked, setAsked] = useState<RefusedEdit>();
  const isCopied = copied === refused;
  const isAsked = asked === refused && !isCopied;
  const kept = useRef<HTMLTextAreaElement>(null);
  // Where nothing may be put on the clipboard by a page, one does it oneself.
  const copy = (): void =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(refused),
      () => kept.current?.select(),
    );
  return (
    <section className="document-refused" aria-label={words.refusedTitle}>
      <div role="alert">
        <h2>
          <Sign of="refused" /> {words.refusedTitle}
        </h2>
        <p>
          {words.refused[code]} {code === "TOO_LARGE" && words.lengths(text.length, most)} {code === "READ_ONLY" && whyReadOnly}
        </p>
      </div>
      <label>
        <span className="note">{words.keep}</span>
        <textarea ref={kept} className="document-kept" readOnly rows={3} value={text} />
      </label>
      <p className="document-buttons">
        <button type="button" className="button" onClick={copy}>
          {isCopied ? words.copied : words.copy}
        </button>
        {/* A second click too quick keeps it. */}
        <button type="button" className="button" onClick={() => (isCopied ? onDismiss() : setAsked(isAsked ? undefined : refused))}>
          {isAsked ? words.keepIt : words.dismiss}
        </button>
        {isAsked && (
          <button type="button" className="button document-sure" onClick={onDismiss}>
            {words.dismissYes}
          </button>
        )}
      </p>
      {more > 0 && <p className="note">{words.moreRefused(more)}</p>}
    </section>
  );
}
