import type { DocumentPast } from "./past.ts";

/** Some work of one person without a long pause. */
export interface HistoryGroup {
  readonly userId: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** The moments before and after it. What others did meanwhile lies between them too. */
  readonly fromCount: number;
  readonly toCount: number;
  /** Units that came to be shown, and that were shown and deleted. */
  readonly inserted: number;
  readonly deleted: number;
  /** It made the text again what it was after so many entries; when that was, unless it is forgotten. */
  readonly restored?: { readonly count: number; readonly at?: number };
}

/** A pause ends a group. */
const pauseMs = 120_000;

/** Which groups are asked for. */
export interface HistoryQuestion {
  readonly limit?: number;
  /** Only what ended before the document had so many entries: the `toCount` of the last group of the page before. */
  readonly before?: number;
}

/** Who worked on it when, and how much: what ended last comes first. Two who work at once have a group each. */
export function groupEdits(past: DocumentPast, { limit = 500, before = Infinity }: HistoryQuestion = {}): readonly HistoryGroup[] {
  const groups: Changing<HistoryGroup>[] = [];
  const latest = new Map<string, Changing<HistoryGroup>>();
  for (const { client, at, count, inserted, deleted } of past.edits) {
    const { userId = "", name = "" } = past.writerOf(client) ?? {};
    const last = latest.get(userId);
    const restores = past.restoredBy(client);
    if (last !== undefined && at - last.to <= pauseMs && last.restored?.count === restores) {
      Object.assign(last, { to: at, toCount: count, inserted: last.inserted + inserted, deleted: last.deleted + deleted });
      continue;
    }
    const restored = restores === undefined ? undefined : toMoment(past, restores);
    const group = { userId, name, from: at, to: at, fromCount: count - 1, toCount: count, inserted, deleted, ...(restored !== undefined && { restored }) };
    groups.push(group);
    latest.set(userId, group);
  }
  return groups
    .filter(({ toCount }) => toCount < before)
    .toSorted((a, b) => b.toCount - a.toCount)
    .slice(0, limit);
}

function toMoment({ edits }: DocumentPast, count: number): { readonly count: number; readonly at?: number } {
  const at = edits.findLast((edit) => edit.count <= count)?.at;
  return { count, ...(at !== undefined && { at }) };
}

type Changing<T> = { -readonly [Key in keyof T]: T[Key] };
