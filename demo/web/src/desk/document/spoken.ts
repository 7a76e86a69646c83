import type { DocumentStatus } from "nexios/collab/client";
import { documentWords } from "../../messages/en-document.ts";

const { spoken: words } = documentWords;

/** What somebody who does not see a text knows of it. */
export interface Heard {
  /** What was last worth hearing. */
  readonly status: DocumentStatus;
  /** That it is only read, once it was open. */
  readonly isReadOnly: boolean | undefined;
}

export const nothingHeard: Heard = { status: { kind: "opening" }, isReadOnly: undefined };

/** What is known after this: that something is on its way is not worth hearing. Pure. */
export function heardAfter(before: Heard, now: DocumentStatus): Heard {
  if (now.kind === "saving" || now.kind === "opening" || now === before.status) return before;
  return { status: now, isReadOnly: isReadOnlyAfter(before.isReadOnly, now) };
}

/** Whether a text is only read, by its states up to this one: without a connection it is what it was. Pure. */
export function isReadOnlyAfter(before: boolean | undefined, now: DocumentStatus): boolean | undefined {
  switch (now.kind) {
    case "read-only":
      return true;
    case "saved":
    case "saving":
      return false;
    case "refused":
      return now.code === "READ_ONLY" || before;
    case "opening":
    case "offline":
    case "failed":
      return before;
  }
}

/** What somebody must hear of a change, who does not see it: never that each letter is saved. `undefined`: nothing. Pure. */
export function toSpoken({ status: before, isReadOnly: wasReadOnly }: Heard, { status: now }: Heard): string | undefined {
  if (before.kind === now.kind) return undefined;
  switch (now.kind) {
    case "opening":
    case "saving":
    // A panel of its own says it.
    case "refused":
      return undefined;
    case "saved":
      if (wasReadOnly === undefined) return words.open;
      if (wasReadOnly) return words.writable;
      return before.kind === "refused" ? undefined : words.back;
    case "read-only":
      if (wasReadOnly === undefined) return words.openToRead;
      if (!wasReadOnly) return words.readOnly;
      return before.kind === "refused" ? undefined : words.backToRead;
    case "offline":
      return wasReadOnly === false ? words.offline : words.offlineToRead;
    case "failed":
      return words.failed(now.code);
  }
}
