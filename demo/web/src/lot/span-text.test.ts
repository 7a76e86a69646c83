import { expect, test } from "vitest";
import { formatSpan } from "./span-text.ts";

test.for([
  [500, "0.5 s"],
  [5_000, "5 s"],
  [60_000, "1 min"],
  [90_000, "90 s"],
  [43_200_000, "12 h"],
] as const)("%d ms are %s", ([ms, text]) => {
  expect(formatSpan(ms)).toBe(text);
});
