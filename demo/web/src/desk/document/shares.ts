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

/** How much of a text somebody has changed. */
export interface Change {
  readonly userId: string;
  readonly name: string;
  /** Units. */
  readonly inserted: number;
  readonly deleted: number;
}

/** Who has changed how much between two moments. Pure. */
export function changesOf(runs: readonly ComparedRun[]): readonly Change[] {
  const people = new Map<string, Change>();
  for (const { kind, userId, name, text } of runs) {
    if (kind === "kept") continue;
    const { inserted, deleted } = people.get(userId) ?? { inserted: 0, deleted: 0 };
    const isInserted = kind === "inserted";
    people.set(userId, { userId, name, inserted: inserted + (isInserted ? text.length : 0), deleted: deleted + (isInserted ? 0 : text.length) });
  }
  return [...people.values()];
}
