import type { HistoryGroup } from "nexios/collab";
import { expect, test } from "vitest";
import { restoreIn, toRestored } from "./restores.ts";

const update = new Uint8Array();
const opened = { value: { kind: "opened", client: 7, userId: "ann", name: "Ann" }, count: 4, at: 1_000, callId: "one" } as const;
const edited = { value: { kind: "edited", client: 7, update }, count: 5, at: 1_000, callId: "one" } as const;

test("a client id and its edit by one call are a restore, and tell whose", () => {
  expect(toRestored(opened, edited)).toEqual({ count: 5, at: 1_000, userId: "ann", name: "Ann" });
});

test("what somebody writes first, with a client id that he was given before, is none", () => {
  expect(toRestored(opened, { ...edited, callId: "two" })).toBeUndefined();
  expect(toRestored({ ...opened, callId: undefined }, { ...edited, callId: undefined })).toBeUndefined();
  expect(toRestored(opened, { ...edited, value: { ...edited.value, client: 6 } })).toBeUndefined();
  expect(toRestored(opened, { ...edited, count: 6 })).toBeUndefined();
  expect(toRestored(edited, { ...edited, count: 6 })).toBeUndefined();
  expect(toRestored(undefined, edited)).toBeUndefined();
});

test("a restore is in the work that has its edit, of whoever did it", () => {
  const restored = { count: 5, at: 1_000, userId: "ann", name: "Ann" };
  const work = (fromCount: number, toCount: number, userId = "ann"): HistoryGroup => {
    return { userId, name: userId, from: 0, to: 2_000, fromCount, toCount, inserted: 1, deleted: 1 };
  };

  expect(restoreIn(work(4, 5), [restored])).toBe(restored);
  expect(restoreIn(work(3, 9), [restored, { ...restored, count: 8 }])?.count).toBe(8);
  expect(restoreIn(work(5, 9), [restored])).toBeUndefined();
  expect(restoreIn(work(1, 4), [restored])).toBeUndefined();
  expect(restoreIn(work(3, 9, "bob"), [restored])).toBeUndefined();
});
