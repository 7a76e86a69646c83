import { expect, test } from "vitest";
import { digitsOf, formatMoney, parseMoney } from "./money-text.ts";
import { largestAmount } from "./money.ts";

test.for([
  ["EUR", 2],
  ["JPY", 0],
  ["KWD", 3],
] as const)("%s has %i digits behind the point", ([currency, digits]) => {
  expect(digitsOf(currency)).toBe(digits);
});

test.for([
  ["EUR", 1_234_56, "€1,234.56"],
  ["EUR", 5, "€0.05"],
  ["JPY", 1_234, "¥1,234"],
  ["KWD", 1_234_567, "KWD 1,234.567"],
  ["EUR", largestAmount, "€10,000,000,000,000.00"],
  ["EUR", 9_007_199_254_740_91, "€9,007,199,254,740.91"],
] as const)("%s %i is written with all its digits", ([currency, amount, text]) => {
  expect(formatMoney({ amount, currency }, "en").replaceAll("\u00a0", " ")).toBe(text);
});

test.for([
  ["EUR", "en", "1,234.56", 1_234_56],
  ["EUR", "en", "€ 12", 12_00],
  ["EUR", "en", "12.5", 12_50],
  ["EUR", "en", "0.1", 10],
  ["EUR", "de", "1.234,56", 1_234_56],
  ["EUR", "de", "1234,5 EUR", 1_234_50],
  ["EUR", "fr", "1\u202f234,56", 1_234_56],
  ["EUR", "en-IN", "1,00,000", 100_000_00],
  ["JPY", "en", "1,500", 1_500],
  ["KWD", "en", "1.234", 1_234],
] as const)("%s in %s: %s is %i", ([currency, locale, text, amount]) => {
  expect(parseMoney(text, currency, locale)).toBe(amount);
});

test.for([
  ["EUR", ""],
  ["EUR", "."],
  ["EUR", "0"],
  ["EUR", "-5"],
  ["EUR", "1.234"],
  ["EUR", "1.2.3"],
  ["EUR", "1e3"],
  ["EUR", "99999999999999999"],
  ["EUR", "12,50"],
  ["EUR", "1,2,3"],
  ["EUR", ",500"],
  ["EUR", "1234,567"],
  ["JPY", "1.5"],
] as const)("%s: %j is no sum", ([currency, text]) => {
  expect(parseMoney(text, currency, "en")).toBeUndefined();
});
