import { expect, test } from "vitest";
import { countFresh, type HeldList, toRows, without } from "./held-list.ts";
import { item } from "./notification.fixture.ts";

const list: HeldList = { of: "inbox", top: 3, items: [item(3), item(2)], isWhole: false };

test("a list stays in its order while things come and go, and each row is as it is now", () => {
  const rows = toRows(list, [item(4), item(2, { isRead: true }), item(3, { isDone: true })], "inbox");

  expect(rows.map(({ item: { id, isRead }, gone }) => [id, isRead, gone])).toEqual([
    ["3", false, "archived"],
    ["2", true, undefined],
  ]);
});

test("what the inbox holds no more stays as it was, and is marked; what came back to the inbox is gone from the archive", () => {
  expect(toRows(list, [item(3)], "inbox").map(({ gone }) => gone)).toEqual([undefined, "other"]);
  expect(toRows({ ...list, items: [item(3, { isDone: true })] }, [item(3)], "archive").map(({ gone }) => gone)).toEqual(["other"]);
});

test("what has come is counted, and what has moved up from below is not", () => {
  expect(countFresh(list, [item(5), item(4), item(3), item(1)])).toBe(2);
});

test("of a list that was whole what came back is counted too", () => {
  expect(countFresh({ ...list, isWhole: true }, [item(3), item(2), item(1)])).toBe(1);
});

test("what its reader has put away himself is gone at once", () => {
  expect(without(list, "3").items.map(({ id }) => id)).toEqual(["2"]);
});
