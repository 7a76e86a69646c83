import type { AuthoredRun, ComparedRun } from "nexios/collab";

/** How much of a text is somebody's. */
export interface Share {
  readonly userId: string;
  readonly name: string;
  readonly percent: number;
}

/** Who wrote how much of a text, the most first: together a hundred. Pure. */
export function sharesOf(runs: readonly AuthoredRun[]): readonly Share[] {
  const written = new Map<string, { readonly name: string; readonly length: number }>();
  for (const { userId, name, text } of runs) written.set(userId, { name, length: (written.get(userId)?.length ?? 0) + text.length });
  const people = [...written].map(([userId, person]) => ({ userId, ...person })).toSorted((one, other) => other.length - one.length);
  const all = people.reduce((sum, { length }) => sum + length, 0);
  let [upTo, given] = [0, 0];
  return people.map(({ userId, name, length }) => {
    upTo += length;
    // What is rounded off of one is the next one's.
    const percent = Math.round((upTo / all) * 100) - given;
    given += percent;
    return { userId, name, percent };
  });
}

/** In how many lines somebody has changed something. */
export interface EditedLines {
  readonly userId: string;
  readonly name: string;
  readonly lines: number;
}

/** Who has changed how many lines between two moments. Pure. */
export function editedLinesOf(runs: readonly ComparedRun[]): readonly EditedLines[] {
  const people = new Map<string, { readonly name: string; readonly lines: Set<number> }>();
  let line = 0;
  for (const { kind, userId, name, text } of runs) {
    const last = line + text.split("\n").length - 1;
    if (kind !== "kept") {
      const lines = people.get(userId)?.lines ?? new Set();
      for (let each = line; each <= last; each++) lines.add(each);
      people.set(userId, { name, lines });
    }
    line = last;
  }
  return [...people].map(([userId, { name, lines }]) => ({ userId, name, lines: lines.size }));
}
