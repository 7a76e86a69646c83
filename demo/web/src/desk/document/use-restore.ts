import type { DocumentSession } from "nexios/collab/client";
import { useCall } from "nexios/react";
import { useState } from "react";
import { documentWords, problemWords } from "../../messages/en-document.ts";
import type { Past } from "./use-past.ts";

const { history: words } = documentWords;

/** Making a text what it was: asked once, then done as an edit, with a way back. */
export interface Restore {
  /** What it asks, or what came of it. */
  readonly said: string | undefined;
  readonly isAsked: boolean;
  readonly isPending: boolean;
  /** What the text was before the last restore, as long as the present is looked at. */
  readonly before: number | undefined;
  /** Asks whether it is meant; a second time takes the question back. */
  readonly ask: () => void;
  readonly restore: (count: number) => void;
}

export function useRestore(session: DocumentSession, { moment, show }: Past): Restore {
  const [asked, setAsked] = useState<number>();
  const [done, setDone] = useState<{ readonly before: number | undefined }>();
  const { call, pending, refusal, error, reset } = useCall(session.room, "restore");
  const isAsked = asked !== undefined && asked === moment?.count;
  const problem = refusal?.code ?? error?.code;

  async function restore(count: number): Promise<void> {
    if (pending) return;
    const isBack = count === done?.before;
    const outcome = await call({ count });
    setAsked(undefined);
    if (outcome?.kind !== "accepted") return;
    const { before } = outcome.result;
    setDone({ before: isBack ? undefined : before });
    show(undefined);
  }

  const isDone = done !== undefined && moment === undefined;
  const outcome = isDone ? (done.before === undefined ? words.restoreUndone : words.isRestored) : undefined;
  return {
    said: isAsked ? words.ask : problem === undefined ? outcome : problemWords(problem),
    isAsked,
    isPending: pending,
    before: isDone ? done.before : undefined,
    ask() {
      reset();
      setAsked(isAsked ? undefined : moment?.count);
    },
    restore: (count) => void restore(count),
  };
}
