import { expect, test } from "vitest";
import { arrive, countUnread, open, rejoin, unread } from "./reading.ts";

const at = (count: number, epoch = "e1") => ({ epoch, count });

test("whoever has just come has nothing to catch up with", () => {
  const reading = arrive(unread, 50, false);

  expect(countUnread(reading, 50)).toBe(0);
  expect(countUnread(arrive(reading, 53, false), 53)).toBe(3);
});

test("lines that are on the screen are read as they come", () => {
  const reading = arrive(arrive(unread, 50, true), 53, true);

  expect(countUnread(reading, 53)).toBe(0);
  expect(reading.mark).toBeUndefined();
});

test("who opens the chat finds a mark where they had left, and none when nothing came", () => {
  const left = arrive(arrive(unread, 50, true), 92, false);

  const back = open(left, 92);

  expect(back.mark).toEqual({ after: 50, upTo: 92 });
  expect(countUnread(back, 92)).toBe(0);
  expect(open(back, 92).mark).toBeUndefined();
});

test("what was missed on the screen while the connection was lost is marked where it was lost", () => {
  const reading = arrive(unread, 50, true);

  const back = rejoin(reading, { from: at(50), to: at(92) }, true);

  expect(back).toEqual({ seen: 92, mark: { after: 50, upTo: 92 }, isAnew: false });
});

test("a connection that was lost without a line being said leaves no mark", () => {
  const reading = arrive(unread, 50, true);

  expect(rejoin(reading, { from: at(50), to: at(50) }, true)).toBe(reading);
});

test("what was missed by a page that nobody looked at waits to be read", () => {
  const reading = arrive(unread, 50, false);

  const back = arrive(rejoin(reading, { from: at(50), to: at(92) }, false), 92, false);

  expect(countUnread(back, 92)).toBe(42);
});

test("another log leaves no mark: what was read before is gone", () => {
  const reading = arrive(unread, 50, true);

  expect(rejoin(reading, { from: at(50), to: at(3, "e2") }, true)).toEqual({ seen: 3, mark: undefined, isAnew: true });
  expect(countUnread(rejoin(reading, { from: at(50), to: at(3, "e2") }, false), 3)).toBe(3);
});

test("the first join is no return", () => {
  expect(rejoin(unread, { from: undefined, to: at(92) }, true)).toBe(unread);
});
