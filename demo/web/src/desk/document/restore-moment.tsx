import type { DocumentSession } from "nexios/collab/client";
import { useCall } from "nexios/react";
import { useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;

/** Makes the text what it was at the moment that is looked at: asks once, and offers the way back. */
export function RestoreMoment({ session, past: { moment, show } }: { readonly session: DocumentSession; readonly past: Past }) {
  const [asked, setAsked] = useState<number>();
  const [done, setDone] = useState<{ readonly before: number | undefined }>();
  const { call, pending, refusal, error } = useCall(session.room, "restore");
  const problem = refusal?.code ?? error?.code;

  async function restore(count: number, isBack = false): Promise<void> {
    if (pending) return;
    const outcome = await call({ count });
    setAsked(undefined);
    if (outcome?.kind !== "accepted") return;
    setDone({ before: isBack ? undefined : outcome.result.before });
    show(undefined);
  }

  const before = moment === undefined ? done?.before : undefined;
  const isAsked = asked !== undefined && asked === moment?.count;
  return (
    <div className="document-restore" aria-busy={pending}>
      <output>
        {isAsked ? words.ask : problem === undefined ? done && (done.before === undefined ? words.restoreUndone : words.restored) : problemWords(problem)}
      </output>
      <p className="document-buttons">
        {/* A second click too quick leaves all as it is. */}
        <button type="button" className="button small" aria-disabled={moment === undefined} onClick={() => setAsked(isAsked ? undefined : moment?.count)}>
          {isAsked ? words.restoreNo : words.restore}
        </button>
        {isAsked ? (
          <button key="on" type="button" className="button small" onClick={() => void restore(asked)}>
            {words.restoreYes}
          </button>
        ) : (
          before !== undefined && (
            <button key="on" type="button" className="button small" onClick={() => void restore(before, true)}>
              {words.undoRestore}
            </button>
          )
        )}
      </p>
    </div>
  );
}
