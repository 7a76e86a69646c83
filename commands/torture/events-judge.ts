import type { EventsFindings } from "./events-findings.ts";
import type { Note, Reader, Step } from "./events-journal.ts";

/** What a run has left. */
export interface EventsPast {
  readonly notes: readonly Note[];
  /** Events that the file's own table has, poisonous ones by themselves. */
  readonly emitted: readonly Step[];
  readonly poisonous: readonly Step[];
  /** Ids of events of which a handler has written a row. */
  readonly effects: readonly string[];
  /** What the rooms have come to, by key. */
  readonly sums: Readonly<Record<string, { readonly count: number; readonly sum: number }>>;
  /** Dead letters of what is poisonous, and of all else; and how many of the first were handled at last. */
  readonly letters: number;
  readonly otherLetters: number;
  readonly replayed: number;
}

type Handled = Extract<Note, { readonly kind: "handled" }>;

/** Compares what was written down with what is in the file. Gives how many events were handled again by a later process. */
export function judgeEvents(past: EventsPast, findings: EventsFindings): { readonly duplicates: number } {
  const { notes, emitted, poisonous } = past;
  const stored = new Set([...emitted, ...poisonous].map(({ id }) => id));
  const handled = notes.filter((note) => note.kind === "handled");
  const rolledBack = new Set(stepsOf(notes, "rolledBack").map(({ id }) => id));
  for (const { id, key } of stepsOf(notes, "committed")) if (!stored.has(id)) findings.add("acknowledgedLost", `${id} of ${key}`);
  for (const id of rolledBack) if (stored.has(id)) findings.add("rolledBack", `${id} is in the file`);
  for (const { step } of handled) {
    if (rolledBack.has(step.id)) findings.add("rolledBack", `${step.id} was handled`);
    else if (!stored.has(step.id)) findings.add("strangers", step.id);
  }
  const readers: readonly (readonly [Reader, readonly Step[]])[] = [
    ["told", emitted],
    ["seen", emitted],
    ["poisoned", poisonous],
  ];
  const duplicates = readers.map(([reader, steps]) => {
    const own = handled.filter(({ by }) => by === reader);
    // What was tried again by hand comes newest last, but behind what came later.
    if (reader !== "poisoned") judgeOrder(own, findings);
    judgeAll(reader, own, steps, findings);
    return judgeRepeats(own, findings);
  });
  judgeRows(past, findings);
  judgeSums(past, findings);
  judgeLetters(past, findings);
  return { duplicates: duplicates.reduce((sum, count) => sum + count, 0) };
}

function judgeAll(reader: Reader, handled: readonly Handled[], steps: readonly Step[], findings: EventsFindings): void {
  const known = new Set(handled.map(({ step }) => step.id));
  for (const { id, key, sequence } of steps) if (!known.has(id)) findings.add("lost", `${reader} has not handled ${id}, number ${sequence} of ${key}`);
}

function judgeOrder(handled: readonly Handled[], findings: EventsFindings): void {
  const known = new Set<string>();
  const last = new Map<string, number>();
  for (const { by, step } of handled) {
    if (known.has(step.id)) continue;
    known.add(step.id);
    const before = last.get(step.key) ?? 0;
    if (step.sequence <= before) findings.add("outOfOrder", `${by} handled number ${step.sequence} of ${step.key} after ${before}`);
    last.set(step.key, Math.max(before, step.sequence));
  }
}

function judgeRepeats(handled: readonly Handled[], findings: EventsFindings): number {
  const known = new Map<string, Handled>();
  let duplicates = 0;
  for (const each of handled) {
    const before = known.get(each.step.id);
    known.set(each.step.id, each);
    if (before === undefined) continue;
    duplicates++;
    const what = `${each.by} handled ${each.step.id}, number ${each.step.sequence} of ${each.step.key}`;
    if (before.life === each.life) findings.add("duplicatesWithoutKill", `${what} twice in life ${each.life}`);
    if (before.handling !== each.handling) findings.add("changedIds", `${what} as ${before.handling} and as ${each.handling}`);
  }
  return duplicates;
}

function judgeRows({ emitted, effects }: EventsPast, findings: EventsFindings): void {
  const counts = new Map<string, number>();
  for (const id of effects) counts.set(id, (counts.get(id) ?? 0) + 1);
  const ids = new Set(emitted.map(({ id }) => id));
  for (const id of ids.union(counts)) {
    const [count, due] = [counts.get(id) ?? 0, ids.has(id) ? 1 : 0];
    if (count !== due) findings.add("wrongRows", `${id} has ${count} rows, not ${due}`);
  }
}

function judgeSums({ emitted, sums }: EventsPast, findings: EventsFindings): void {
  for (const [key, steps] of Map.groupBy(emitted, ({ key: each }) => each)) {
    const due = { count: steps.length, sum: steps.reduce((sum, { sequence }) => sum + sequence, 0) };
    const { count = 0, sum = 0 } = sums[key] ?? {};
    if (count !== due.count || sum !== due.sum) findings.add("wrongSums", `${key} has ${count} events of sum ${sum}, not ${due.count} of ${due.sum}`);
  }
}

function judgeLetters({ poisonous, letters, otherLetters, replayed }: EventsPast, findings: EventsFindings): void {
  if (letters !== poisonous.length) findings.add("wrongLetters", `${letters} letters of ${poisonous.length} poisonous events`);
  if (replayed !== letters) findings.add("wrongLetters", `${replayed} of ${letters} letters were handled at last`);
  if (otherLetters > 0) findings.add("wrongLetters", `${otherLetters} letters of what is not poisonous`);
}

function stepsOf(notes: readonly Note[], kind: "committed" | "rolledBack"): readonly Step[] {
  return notes.flatMap((note) => (note.kind === kind ? note.steps : []));
}
