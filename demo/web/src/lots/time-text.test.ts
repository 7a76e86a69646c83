import { expect, test } from "vitest";
import { formatLeft } from "./time-text.ts";

test.for([
  [0, "0:00"],
  [9, "0:09"],
  [271, "4:31"],
  [3_599, "59:59"],
  [3_600, "1 h 00 min"],
  [7_475, "2 h 04 min"],
  [86_400, "1 d 0 h"],
  [273_600, "3 d 4 h"],
] as const)("%d seconds are %s", ([seconds, text]) => {
  expect(formatLeft(seconds)).toBe(text);
});
