import { expect, test } from "vitest";
import { formatAge, formatBytes, formatCount, formatDelay, formatRate, formatShare, toShape } from "./format.ts";

test("a rate shows tenths below ten, and never 10.0", () => {
  expect([0, 3.24, 9.94, 9.96, 1_203.5].map(formatRate)).toEqual(["0", "3.2", "9.9", "10", "1,204"]);
});

test("memory changes its unit before it has four digits", () => {
  expect(formatBytes(82.44e6)).toEqual({ value: "82.4", unit: "MB" });
  expect(formatBytes(999e6)).toEqual({ value: "999", unit: "MB" });
  expect(formatBytes(1.44e9)).toEqual({ value: "1.4", unit: "GB" });
});

test("a share that is nearly nothing is not written as nothing", () => {
  expect(formatShare(1, 100_000)).toBe("<0.1%");
  expect(formatShare(0, 100_000)).toBe("0%");
  expect(formatShare(0, 0)).toBe("0%");
  expect(formatShare(1, 8)).toBe("12.5%");
});

test("counts are grouped, delays have tenths up to a hundred", () => {
  expect(formatCount(1_234_567)).toBe("1,234,567");
  expect([0.04, 12.34, 250.4].map(formatDelay)).toEqual(["0.0", "12.3", "250"]);
});

test("an age is never negative, even if the clock goes back", () => {
  expect([-50, 440, 12_600].map(formatAge)).toEqual(["0.0", "0.4", "13"]);
});

test("numbers of one shape are of one width, whatever their digits", () => {
  expect(toShape("1,204")).toBe(toShape("9,999"));
  expect(toShape("9.4")).not.toBe(toShape("128"));
  expect(toShape("<0.1%")).not.toBe(toShape("12.5%"));
});
