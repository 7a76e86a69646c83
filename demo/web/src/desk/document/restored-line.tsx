import { useConnection } from "nexios/react";
import { useState } from "react";
import { documentWords } from "../../messages/en-document.ts";
import type { Restored } from "./restores.ts";

const { history: words } = documentWords;

interface Props {
  readonly restores: readonly Restored[];
  /** The history is open, which shows it. */
  readonly isHistoryShown: boolean;
}

/** That somebody else has made the text what it was: it stands there until the history is looked at. */
export function RestoredLine({ restores, isHistoryShown }: Props) {
  const { user } = useConnection();
  const [seen, setSeen] = useState(0);
  const last = restores.findLast(({ userId }) => userId !== user?.id);
  if (isHistoryShown && last !== undefined && last.count > seen) setSeen(last.count);
  const isTold = last !== undefined && last.count > seen;
  return <output className="note document-restored">{isTold && words.restoredBy(last.name, last.at)}</output>;
}
