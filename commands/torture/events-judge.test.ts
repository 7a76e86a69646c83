import { expect, test } from "vitest";
import { type EventsFinding, EventsFindings } from "./events-findings.ts";
import type { Note, Reader, Step } from "./events-journal.ts";
import { type EventsPast, judgeEvents } from "./events-judge.ts";

const [a1, a2, b1, poison]: readonly [Step, Step, Step, Step] = [
  { id: "a1", key: "a", sequence: 1 },
  { id: "a2", key: "a", sequence: 2 },
  { id: "b1", key: "b", sequence: 1 },
  { id: "p1", key: "poison", sequence: 1 },
];

function handled(by: Reader, step: Step, life = 1, handling = `${by}/${step.id}`): Note {
  return { kind: "handled", by, step, life, handling };
}

const good: EventsPast = {
  notes: [
    { kind: "committed", steps: [a1, b1] },
    { kind: "rolledBack", steps: [{ id: "x", key: "a", sequence: 2 }] },
    handled("told", a1),
    handled("seen", b1),
    handled("seen", a1),
    handled("told", b1),
    handled("told", a2, 1),
    handled("told", a2, 2),
    handled("seen", a2, 2),
    handled("poisoned", poison, 2),
  ],
  emitted: [a1, a2, b1],
  poisonous: [poison],
  effects: ["a2", "b1", "a1"],
  sums: { a: { count: 2, sum: 3 }, b: { count: 1, sum: 1 } },
  letters: 1,
  otherLetters: 0,
  replayed: 1,
};

function judge(past: Partial<EventsPast>): Partial<Record<EventsFinding, number>> & { readonly duplicates: number } {
  const findings = new EventsFindings();
  const { duplicates } = judgeEvents({ ...good, ...past }, findings);
  return { ...Object.fromEntries(Object.entries(findings.counts).filter(([, count]) => count > 0)), duplicates };
}

/** The good notes without one, with others behind. */
function notes(without: readonly number[], ...more: readonly Note[]): readonly Note[] {
  return [...good.notes.filter((_note, index) => !without.includes(index)), ...more];
}

test("a past in which all is right has nothing wrong, and what was handled again after a kill is counted", () => {
  expect(judge({})).toEqual({ duplicates: 1 });
});

test.each<readonly [EventsFinding, string, Partial<EventsPast>]>([
  ["lost", "one that is not handled by one of the readers", { notes: notes([3]) }],
  ["lost", "a poisonous one that is not handled at last", { notes: notes([9]) }],
  ["outOfOrder", "one that is handled before an earlier one", { notes: notes([2], handled("told", a1)) }],
  ["duplicatesWithoutKill", "one that is handled twice by one process", { notes: notes([], handled("told", b1)) }],
  ["changedIds", "one that is handled again under another id", { notes: notes([], handled("told", b1, 2, "other")) }],
  ["acknowledgedLost", "one that was told to be written, and is not", { notes: notes([], { kind: "committed", steps: [{ ...a1, id: "a9" }] }) }],
  ["rolledBack", "one that was rolled back, and is handled", { notes: notes([], handled("told", { id: "x", key: "c", sequence: 1 })) }],
  ["strangers", "one that is handled, and is not in the file", { notes: notes([], handled("told", { id: "y", key: "c", sequence: 1 })) }],
  ["wrongRows", "one that has two rows", { effects: ["a2", "b1", "a1", "a1"] }],
  ["wrongRows", "one that has none", { effects: ["a2", "b1"] }],
  ["wrongRows", "a row of none", { effects: ["a2", "b1", "a1", "z"] }],
  ["wrongSums", "a sum that has one too many", { sums: { ...good.sums, a: { count: 3, sum: 4 } } }],
  ["wrongSums", "a sum that is missing", { sums: { a: { count: 2, sum: 3 } } }],
  ["wrongLetters", "a letter too few", { letters: 0, replayed: 0 }],
  ["wrongLetters", "a letter that was not handled at last", { replayed: 0 }],
  ["wrongLetters", "a letter of what is not poisonous", { otherLetters: 1 }],
])("%s: %s", (finding, _what, past) => {
  const { duplicates: _, ...found } = judge(past);

  expect(Object.keys(found)).toEqual([finding]);
});

test("one that was rolled back and is in the file is found", () => {
  expect(judge({ notes: notes([], { kind: "rolledBack", steps: [a2] }) })["rolledBack"]).toBeGreaterThan(0);
});
