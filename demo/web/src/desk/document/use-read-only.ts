import type { DocumentStatus } from "nexios/collab/client";
import { useState } from "react";
import { isReadOnlyAfter } from "./spoken.ts";

/** Whether a text is only read, as far as is known: without a connection it is what it was. */
export function useReadOnly(status: DocumentStatus): boolean {
  const [known, setKnown] = useState<boolean>();
  const now = isReadOnlyAfter(known, status);
  if (now !== known) setKnown(now);
  return now ?? false;
}
