import type { DocumentSession } from "nexios/collab/client";
import { NexiosError } from "nexios/client";
import { useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import { editedLinesOf } from "./shares.ts";

const { here: words } = documentWords;

/** What others have edited since it was asked last: on request, never one by one. */
export function WhatChanged({ session, ownId }: { readonly session: DocumentSession | undefined; readonly ownId: string | undefined }) {
  const [said, setSaid] = useState("");
  const [since, setSince] = useState<number>();
  const count = session?.room.confirmedState?.count;
  // From when it was opened.
  if (since === undefined && count !== undefined) setSince(count);

  async function ask(): Promise<void> {
    if (session === undefined || count === undefined) return;
    setSaid(words.asking);
    try {
      const told = await session.room.ask("compare", { from: Math.min(since ?? count, count), to: count });
      if (told.kind === "refused") return setSaid(problemWords(told.code));
      setSaid(words.changed(editedLinesOf(told.value).filter(({ userId }) => userId !== ownId)));
      setSince(count);
    } catch (cause) {
      setSaid(problemWords(cause instanceof NexiosError ? cause.code : "INTERNAL"));
    }
  }

  return (
    <div className="document-changed">
      <button type="button" className="button small" aria-disabled={count === undefined} onClick={() => void ask()}>
        {words.whatChanged}
      </button>
      <output className="note">{said}</output>
    </div>
  );
}
