import type { DocumentEntry } from "./entry.ts";
import { foldDocument } from "./fold.ts";
import type { DocumentState } from "./state.ts";

/** How long a document's past is kept. */
export interface RetentionRules {
  /**
   * So long each moment can be asked for, and a quarter longer at most; then it is forgotten. What a version names, and all after it, stays until `unname`. `Infinity`: for ever.
   */
  readonly keepMs: number;
}

/** What is kept begins at a fold, which has the whole text: one is made so often in the time that is kept. */
const foldsInTime = 4;

/** When something is next to be done for it. Pure. */
export function nextRetention(state: DocumentState, { keepMs }: RetentionRules): number | undefined {
  if (keepMs === Infinity) return undefined;
  const due = [...(state.isTouched ? [lastFoldOf(state) + keepMs / foldsInTime] : []), ...forgettable(state).map(({ at }) => at + keepMs)];
  return due.length === 0 ? undefined : Math.ceil(Math.min(...due));
}

/** What is done for it at a time: a fold from which the past will begin, and the past before an older one forgotten. Pure. */
export function retain(state: DocumentState, { keepMs }: RetentionRules, now: number): readonly DocumentEntry[] {
  const old = forgettable(state).findLast(({ at }) => at + keepMs <= now);
  const isFoldDue = state.isTouched && lastFoldOf(state) + keepMs / foldsInTime <= now;
  return [...(isFoldDue ? [foldDocument(state, now)] : []), ...(old === undefined ? [] : [{ kind: "forgot" as const, before: old.count }])];
}

/** All that was, but for the text as it is and who wrote it. Pure. */
export function forgetAll(state: DocumentState, now: number): readonly DocumentEntry[] {
  return [foldDocument(state, now), { kind: "forgot", before: state.count + 1 }];
}

function lastFoldOf({ folds, bornAt }: DocumentState): number {
  return folds.at(-1)?.at ?? bornAt;
}

/** Folds from which the past may begin anew: after them lie all moments that have names. */
function forgettable({ folds, versions, oldest }: DocumentState): DocumentState["folds"] {
  const first = Math.min(Infinity, ...versions.map(({ count }) => count));
  return folds.filter(({ count }) => count > oldest && count <= first);
}
