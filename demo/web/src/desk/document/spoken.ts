import type { DocumentStatus } from "nexios/collab/client";
import { documentWords } from "../../messages/en-document.ts";

const { spoken: words } = documentWords;

/** What was last worth hearing, after this: that something is on its way is not. Pure. */
export function heardAfter(before: DocumentStatus, now: DocumentStatus): DocumentStatus {
  return now.kind === "saving" || now.kind === "opening" ? before : now;
}

/** What somebody must hear of a change, who does not see it: never that each letter is saved. `undefined`: nothing. Pure. */
export function toSpoken(before: DocumentStatus, now: DocumentStatus): string | undefined {
  if (before.kind === now.kind) return undefined;
  switch (now.kind) {
    case "opening":
    case "saving":
    // A panel of its own says it.
    case "refused":
      return undefined;
    case "saved":
      if (before.kind === "opening") return words.open;
      if (before.kind === "read-only") return words.writable;
      return before.kind === "refused" ? undefined : words.back;
    case "read-only":
      return words.readOnly;
    case "offline":
      return words.offline;
    case "failed":
      return words.failed(now.code);
  }
}
