import type { DocumentEntry, HistoryGroup } from "nexios/collab";

/** An entry as it is received. */
interface Received {
  readonly value: DocumentEntry;
  readonly count: number;
  readonly at: number;
  readonly callId: string | undefined;
}

/** Somebody made the text what it was before. */
export interface Restored {
  /** Its edit. */
  readonly count: number;
  readonly at: number;
  readonly userId: string;
  readonly name: string;
  /** When the text was so, where that is known. */
  readonly of?: number | undefined;
}

/** The restore that two entries are, if they are one: no other call gives a client id and edits with it at once. Pure. */
export function toRestored(opened: Received | undefined, { value, count, at, callId }: Received): Restored | undefined {
  if (opened?.value.kind !== "opened" || value.kind !== "edited" || value.client !== opened.value.client) return undefined;
  if (callId === undefined || callId !== opened.callId || count !== opened.count + 1) return undefined;
  const { userId, name } = opened.value;
  return { count, at, userId, name };
}

/** The newest restore in some work: others may have restored meanwhile. Pure. */
export function restoreIn({ userId, fromCount, toCount }: HistoryGroup, restores: readonly Restored[]): Restored | undefined {
  return restores.findLast(({ userId: by, count }) => by === userId && fromCount < count && count <= toCount);
}
