import { expect, test } from "vitest";
import { isSaidByPage, mostToasts, placeOf, stillUp, toAnnounce } from "./toast-rules.ts";
import { item } from "./notification.fixture.ts";

const now = 10_000;

test("what has come pops up, the newest last, three at most", () => {
  const come = toAnnounce([item(6), item(5), item(4), item(3), item(2)], 2, now);

  expect(come.map(({ id }) => id)).toEqual(["4", "5", "6"]);
  expect(come).toHaveLength(mostToasts);
});

test("what was seen elsewhere, what is muted, what is old and one's own doing do not", () => {
  const items = [
    item(6, { isSeen: true }),
    item(5, { announces: false }),
    item(4, { updatedAt: now - 60_000 }),
    item(3, { data: { kind: "won", isOwn: true } }),
  ];

  expect(toAnnounce(items, 0, now)).toEqual([]);
});

test("what is seen or archived on another device goes", () => {
  expect(stillUp(["1", "2", "3", "4"], [item(4), item(3, { isSeen: true }), item(2, { isDone: true })]).map(({ id }) => id)).toEqual(["4"]);
});

test("that one was outbid on the lot that one looks at is said by its page", () => {
  const outbid = { category: "outbid", link: "/lots/clock" };

  expect([isSaidByPage(outbid, "/lots/clock"), isSaidByPage(outbid, "/lots/vase"), isSaidByPage({ ...outbid, category: "won" }, "/lots/clock")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("it stands below, and above where the box that one bids with is below; what is beside it is not in its way", () => {
  const page = { height: 800, edge: 400 };

  expect(placeOf(undefined, page)).toBe("bottom");
  expect(placeOf({ left: 16, top: 500, bottom: 760 }, page)).toBe("top");
  expect(placeOf({ left: 16, top: 100, bottom: 360 }, page)).toBe("bottom");
  expect(placeOf({ left: 800, top: 500, bottom: 760 }, page)).toBe("bottom");
  expect(placeOf({ left: 16, top: 900, bottom: 1_200 }, page)).toBe("bottom");
});
