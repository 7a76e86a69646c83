import { expect, test } from "vitest";
import { FailedShare } from "./failed-share.ts";

test("the share is of the last minute alone", () => {
  const share = new FailedShare();
  for (let second = 0; second < 10; second++) share.note(second * 1_000, true);
  for (let second = 10; second < 30; second++) share.note(second * 1_000, false);

  const shares = [29, 65, 69, 120].map((second) => share.read(second * 1_000));

  expect(shares).toEqual([10 / 30, 4 / 24, 0, 0]);
});

test("a second's slot is used again for the second a minute later", () => {
  const share = new FailedShare();
  share.note(5_000, true);
  share.note(65_000, false);
  share.note(65_999, true);

  expect(share.read(65_999)).toBe(0.5);
});
