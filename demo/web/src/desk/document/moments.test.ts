import { expect, test } from "vitest";
import type { HistoryGroup } from "nexios/collab";
import { groupAt, rangeOf, timeOf } from "./moments.ts";

const ann: HistoryGroup = { userId: "ann", name: "Ann", from: 1_000, to: 1_000, fromCount: 1, toCount: 2, inserted: 5, deleted: 0 };
const bob: HistoryGroup = { userId: "bob", name: "Bob", from: 2_000, to: 4_000, fromCount: 3, toCount: 7, inserted: 9, deleted: 2 };
const groups = [bob, ann];

test("a moment belongs to the work that it is in, or to the last before it", () => {
  expect([8, 7, 4, 3, 2, 1, 0].map((count) => groupAt(groups, count)?.name)).toEqual(["Bob", "Bob", "Bob", "Ann", "Ann", undefined, undefined]);
});

test("a moment is shown beside what was before its work, or beside the present", () => {
  expect(rangeOf({ count: 5, beside: "before" }, groups, 9)).toEqual({ from: 3, to: 5 });
  expect(rangeOf({ count: 5, beside: "now" }, groups, 9)).toEqual({ from: 5, to: 9 });
  expect(rangeOf({ count: 0, beside: "before" }, groups, 9)).toEqual({ from: 0, to: 0 });
});

test("a moment is as late as it is far in its work", () => {
  expect([5, 7, 8, 2, 0].map((count) => timeOf(groups, count))).toEqual([3_000, 4_000, 4_000, 1_000, undefined]);
});
