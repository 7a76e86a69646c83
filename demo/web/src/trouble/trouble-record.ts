import type { Resume } from "nexios/client";

/** What can be broken by hand and heals by itself. */
export type TroubleKind = "cut" | "lose" | "restart";

/** How much was compared with the server's log after a trouble. */
export interface Proof {
  /** Lines that were missed, and how many of them stand here as in the log. */
  readonly missed: number;
  readonly held: number;
}

/** One trouble, from its making until nothing is left of it. */
export interface TroubleRecord {
  readonly id: number;
  readonly kind: TroubleKind;
  /** By the page's monotonic clock. */
  readonly startedAt: number;
  /** Where the room stood; `undefined`: it had not been seen. */
  readonly before: number | undefined;
  readonly healed: Healed | undefined;
  /** Of a restart: the server's process before it, and the one after it as soon as that is known. */
  readonly processes: readonly number[];
  /** Why it could not be made. */
  readonly failure: "unreachable" | "refused" | undefined;
}

/** How a trouble was made good. */
export interface Healed {
  readonly resume: Resume;
  /** From the making of the trouble. */
  readonly tookMs: number;
  /** `undefined` until the log has been asked. */
  readonly proof: Proof | undefined;
}

/** So many are watched at once; the newest is the first. */
const watched = 4;

/** One more, before the others. */
export function addRecord(records: readonly TroubleRecord[], record: TroubleRecord): readonly TroubleRecord[] {
  return [record, ...records].slice(0, watched);
}

/** The same records with a change of one; none for one that is not there any more. */
export function changeRecord(records: readonly TroubleRecord[], id: number, change: Partial<TroubleRecord>): readonly TroubleRecord[] {
  return records.map((record) => (record.id === id ? { ...record, ...change } : record));
}

/** The trouble that a resume makes good: all that is open, since each of them ended the same connection or lost the same place. */
export function openRecords(records: readonly TroubleRecord[]): readonly TroubleRecord[] {
  return records.filter(({ healed, failure }) => healed === undefined && failure === undefined);
}

/** What was missed and what of it is here, by number and text. */
export function compare(
  missed: readonly { readonly count: number; readonly value: { readonly text: string } }[],
  held: readonly { readonly number: number; readonly text: string }[],
): Proof {
  const texts = new Map(held.map(({ number, text }) => [number, text]));
  return { missed: missed.length, held: missed.filter(({ count, value }) => texts.get(count) === value.text).length };
}
