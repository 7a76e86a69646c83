import type { DocumentSession } from "nexios/collab/client";
import { NexiosError } from "nexios/client";
import { useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import { changesOf } from "./shares.ts";

const { here: words } = documentWords;

interface Props {
  readonly session: DocumentSession | undefined;
  readonly ownId: string | undefined;
}

/** What others have edited since it was asked last: on request, never one by one. */
export function WhatChanged({ session, ownId }: Props) {
  const [said, setSaid] = useState("");
  const [since, setSince] = useState<number>();
  const state = session?.room.confirmedState;
  const count = state?.count;
  // From when it was opened.
  if (since === undefined && count !== undefined) setSince(count);

  async function ask(): Promise<void> {
    if (session === undefined || state === undefined || count === undefined) return;
    if (session.room.status.kind !== "live") return setSaid(documentWords.history.offline);
    setSaid(words.asking);
    try {
      // What was forgotten since then can't be compared.
      const from = Math.max(state.oldest, Math.min(since ?? count, count));
      const told = await session.room.ask("compare", { from, to: count });
      if (told.kind === "refused") return setSaid(problemWords(told.code));
      setSaid(words.changed(changesOf(told.value).filter(({ userId }) => userId !== ownId)));
      setSince(count);
    } catch (cause) {
      setSaid(problemWords(cause instanceof NexiosError ? cause.code : "INTERNAL"));
    }
  }

  return (
    <>
      <button type="button" className="button small document-changed" aria-disabled={count === undefined} onClick={() => void ask()}>
        {words.whatChanged}
      </button>
      <output className="note document-told">{said}</output>
    </>
  );
}
