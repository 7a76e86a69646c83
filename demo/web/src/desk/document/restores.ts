import type { DocumentEntry } from "nexios/collab";

/** An entry as it is received. */
interface Received {
  readonly value: DocumentEntry;
  readonly count: number;
  readonly at: number;
}

/** Somebody made the text what it was before. */
export interface Restored {
  readonly count: number;
  readonly at: number;
  readonly userId: string;
  readonly name: string;
}

/** The restore that an entry begins, if it does. Pure. */
export function toRestored({ value, count, at }: Received): Restored | undefined {
  if (value.kind !== "opened" || value.restores === undefined) return undefined;
  return { count, at, userId: value.userId, name: value.name };
}
