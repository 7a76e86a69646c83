import { expect, test } from "vitest";
import { toFigure, toMark, toText, type UnitKind } from "./units.ts";

test.each<[UnitKind, number | null, string]>([
  ["perSecond", 3.24, "3.2/s"],
  ["perMinute", 128, "128/min"],
  ["seconds", 0.0842, "84.2 ms"],
  ["seconds", 1.5, "1,500 ms"],
  ["seconds", 61, "61 s"],
  ["bytes", 84e6, "84.0 MB"],
  ["ratio", 0.002, "0.2%"],
  ["ratio", 0.000_1, "<0.1%"],
  ["ratio", 0, "0%"],
  ["count", 1_204, "1,204"],
  ["count", null, "–"],
])("%s of %d is written %s", (kind, value, text) => {
  expect(toText(kind, value)).toBe(text);
});

test("a number and its unit are apart", () => {
  expect(toFigure("seconds", 0.0842)).toEqual({ value: "84.2", unit: "ms" });
});

test.each<[UnitKind, number, string]>([
  ["seconds", 0.05, "50 ms"],
  ["seconds", 2, "2 s"],
  ["bytes", 150e6, "150 MB"],
  ["bytes", 2.5e9, "2.5 GB"],
  ["ratio", 0.05, "5%"],
  ["perSecond", 20_000, "20k"],
  ["count", 0, "0"],
])("a mark of an axis in %s at %d is %s", (kind, value, text) => {
  expect(toMark(kind, value)).toBe(text);
});
