import { expect, test } from "vitest";
import type { HistoryGroup } from "nexios/collab";
import { areSame, groupAt, groupsIn, rangeOf, timeOf } from "./moments.ts";

const ann: HistoryGroup = { userId: "ann", name: "Ann", from: 1_000, to: 1_000, fromCount: 1, toCount: 2, inserted: 5, deleted: 0 };
const bob: HistoryGroup = { userId: "bob", name: "Bob", from: 2_000, to: 4_000, fromCount: 3, toCount: 7, inserted: 9, deleted: 2 };
const groups = [bob, ann];

test("a moment belongs to the work that it is in, or to the last before it", () => {
  expect([8, 7, 4, 3, 2, 1, 0].map((count) => groupAt(groups, count)?.name)).toEqual(["Bob", "Bob", "Bob", "Ann", "Ann", undefined, undefined]);
});

test("a moment is shown beside what was before its work, or beside the present", () => {
  const kept = { oldest: 0, newest: 9 };

  expect(rangeOf({ count: 5, beside: "before" }, groups, kept)).toEqual({ from: 3, to: 5 });
  expect(rangeOf({ count: 5, beside: "now" }, groups, kept)).toEqual({ from: 5, to: 9 });
  expect(rangeOf({ count: 0, beside: "before" }, groups, kept)).toEqual({ from: 0, to: 0 });
});

test("of two who worked at once each has his own work, and a moment is in both", () => {
  const eve: HistoryGroup = { userId: "eve", name: "Eve", from: 2_500, to: 4_500, fromCount: 4, toCount: 8, inserted: 3, deleted: 0 };
  const both = [eve, ...groups];

  expect(groupsIn(both, 6).map(({ name }) => name)).toEqual(["Eve", "Bob"]);
  expect([9, 8, 6, 4].map((count) => groupAt(both, count)?.name)).toEqual(["Eve", "Eve", "Eve", "Bob"]);
  expect(rangeOf({ count: 7, beside: "before", from: 3 }, both, { oldest: 0, newest: 9 })).toEqual({ from: 3, to: 7 });
});

test("no moment is asked for that is forgotten", () => {
  const kept = { oldest: 4, newest: 9 };

  expect(rangeOf({ count: 6, beside: "before" }, groups, kept)).toEqual({ from: 4, to: 6 });
  expect(rangeOf({ count: 1, beside: "before" }, groups, kept)).toEqual({ from: 4, to: 4 });
  expect(rangeOf({ count: 1, beside: "now" }, groups, kept)).toEqual({ from: 4, to: 9 });
});

test("a moment is as late as it is far in its work", () => {
  expect([5, 7, 8, 2, 0].map((count) => timeOf(groups, count))).toEqual([3_000, 4_000, 4_000, 1_000, undefined]);
});

test("moments are the same that have no work between them", () => {
  expect([areSame(groups, 7, 9), areSame(groups, 2, 3), areSame(groups, 0, 1), areSame(groups, 5, 5)]).toEqual([true, true, true, true]);
  expect([areSame(groups, 5, 7), areSame(groups, 9, 6), areSame(groups, 3, 7), areSame(groups, 1, 2)]).toEqual([false, false, false, false]);
});
