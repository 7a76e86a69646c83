import type { LotNote } from "nexios/auction";

/** What somebody looks for among his bids, the most urgent first. */
export const groups = ["now", "won", "lost"] as const;
export type NoteGroup = (typeof groups)[number];

/** Notes by what has become of the lot. In each group they keep the order of their titles: a row does not jump with each bid. Pure. */
export function groupNotes(notes: readonly LotNote[]): Readonly<Record<NoteGroup, readonly LotNote[]>> {
  const running = notes.filter(({ standing }) => standing !== "won" && standing !== "lost");
  return {
    now: running.toSorted((a, b) => (a.title === b.title ? compare(a.lotId, b.lotId) : compare(a.title, b.title))),
    won: notes.filter(({ standing }) => standing === "won"),
    lost: notes.filter(({ standing }) => standing === "lost"),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
