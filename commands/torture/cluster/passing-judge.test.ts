import { expect, test } from "vitest";
import { Findings } from "../findings.ts";
import type { HistoryRecord } from "../history.ts";
import { count as fold, emptyTally, type Marked, passingName } from "../torture-room.ts";
import { PassingJudge } from "./passing-judge.ts";

type Step = readonly [who: string, record: Record<string, unknown>];

/** What is found in what members wrote down, by kind. */
function find(...steps: readonly Step[]): Record<string, number> {
  const findings = new Findings();
  const judge = new PassingJudge(findings);
  for (const [who, record] of steps) judge.take(who, { room: passingName, ...record } as HistoryRecord);
  judge.close();
  return Object.fromEntries(Object.entries(findings.counts).filter(([, count]) => count > 0));
}

const valueOf = (mark: string): Marked => ({ mark, when: "always", by: "ann" });
const stateOf = (...marks: readonly string[]): unknown => marks.reduce((state, mark) => fold(state, valueOf(mark)), emptyTally);
const saw = (epoch: string, count: number, mark: string): Record<string, unknown> => ({ kind: "saw", epoch, count, callId: undefined, value: valueOf(mark) });
const ended = (epoch: string, ...marks: readonly string[]): Record<string, unknown> => ({
  kind: "ended",
  epoch,
  count: marks.length,
  state: stateOf(...marks),
});
const snapshot = (epoch: string, ...marks: readonly string[]): Record<string, unknown> => ({
  kind: "snapshot",
  why: "epoch",
  epoch,
  count: marks.length,
  state: stateOf(...marks),
});

test("members who see the same of two logs, with a snapshot between, are right", () => {
  const ann: Step[] = [saw("e1", 1, "a"), saw("e1", 2, "b"), snapshot("e2"), saw("e2", 1, "c"), ended("e2", "c")].map((record) => ["ann", record] as const);
  const bob: Step[] = [saw("e1", 1, "a"), snapshot("e2", "c"), ended("e2", "c")].map((record) => ["bob", record] as const);

  expect(find(...ann, ...bob)).toEqual({});
});

test.for<readonly [title: string, steps: readonly Step[], found: Record<string, number>]>([
  [
    "another entry at a place",
    [
      ["ann", saw("e1", 1, "a")],
      ["ann", ended("e1", "a")],
      ["bob", saw("e1", 1, "b")],
      ["bob", ended("e1", "b")],
    ],
    { reordered: 1, wrongStates: 1 },
  ],
  [
    "an entry twice",
    [
      ["ann", saw("e1", 1, "a")],
      ["ann", saw("e1", 1, "a")],
      ["ann", ended("e1", "a")],
    ],
    { doubled: 1 },
  ],
  [
    "a hole",
    [
      ["ann", saw("e1", 1, "a")],
      ["ann", saw("e1", 3, "c")],
      ["ann", ended("e1", "a", "b", "c")],
    ],
    { lost: 1 },
  ],
  [
    "another log without a snapshot",
    [
      ["ann", saw("e1", 1, "a")],
      ["ann", saw("e2", 2, "b")],
      ["ann", ended("e2", "a", "b")],
    ],
    { reordered: 1 },
  ],
  [
    "a mark at two places",
    [
      ["ann", saw("e1", 1, "a")],
      ["ann", saw("e1", 2, "a")],
      ["ann", ended("e1", "a", "a")],
    ],
    { twice: 1 },
  ],
  [
    "members who end apart",
    [
      ["ann", saw("e1", 1, "a")],
      ["ann", ended("e1", "a")],
      ["bob", ended("e1")],
    ],
    { behind: 1 },
  ],
  [
    "a call that was never told of",
    [
      ["ann", { kind: "sent", callId: "c1", mark: "a", when: "always" }],
      ["ann", ended("e1")],
    ],
    { unsettled: 1 },
  ],
  [
    "an accepted call that the last log does not have",
    [
      ["ann", { kind: "accepted", callId: "c1", epoch: "e1", count: 1, value: valueOf("a") }],
      ["ann", ended("e1")],
    ],
    { acknowledgedLost: 1 },
  ],
])("noticed: %s", ([, steps, found]) => {
  expect(find(...steps)).toEqual(found);
});

test("an accepted call of a log that is lost is no fault", () => {
  expect(find(["ann", { kind: "accepted", callId: "c1", epoch: "e1", count: 1, value: valueOf("a") }], ["ann", snapshot("e2")], ["ann", ended("e2")])).toEqual(
    {},
  );
});

test("an accepted call that nobody saw is told by the state of those who came to it by a snapshot", () => {
  const accepted: Step = ["ann", { kind: "accepted", callId: "c1", epoch: "e2", count: 1, value: valueOf("a") }];

  expect(find(accepted, ["ann", snapshot("e2", "a")], ["ann", ended("e2", "a")])).toEqual({});
  expect(find(accepted, ["ann", snapshot("e2", "b")], ["ann", ended("e2", "b")])).toEqual({ contradicted: 1 });
});
