import type { RefusedEdit } from "nexios/collab/client";
import { useState } from "react";
import { documentWords as words } from "../../messages/en-document.ts";

/** What was not taken: why, and the text for its author to keep. */
export function RefusedText({ refused, onDismiss }: { readonly refused: RefusedEdit; readonly onDismiss: () => void }) {
  const [copied, setCopied] = useState<RefusedEdit>();
  const copy = (): void => void navigator.clipboard.writeText(refused.text).then(() => setCopied(refused));
  return (
    <div className="document-refused" role="alert">
      <p>
        {words.refused[refused.code]} {words.keep}
      </p>
      <textarea readOnly aria-label={words.keep} rows={3} value={refused.text} />
      <p>
        <button type="button" className="button small" onClick={copy}>
          {copied === refused ? words.copied : words.copy}
        </button>{" "}
        <button type="button" className="button small" onClick={onDismiss}>
          {words.dismiss}
        </button>
      </p>
    </div>
  );
}
