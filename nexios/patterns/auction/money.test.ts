import { expect, test } from "vitest";
import { findAmountFault, isCurrency, largestAmount } from "./money.ts";
import { dutch, english, live, PaperLot, sealed } from "./paper-lot.fixture.ts";
import type { Terms } from "./terms.ts";

const noSums: readonly [string, unknown, string][] = [
  ["a text", "2000", "NOT_AN_INTEGER"],
  ["nothing", undefined, "NOT_AN_INTEGER"],
  ["null, as JSON has NaN", null, "NOT_AN_INTEGER"],
  ["NaN", NaN, "NOT_AN_INTEGER"],
  ["an infinite number", Infinity, "NOT_AN_INTEGER"],
  ["0.1 + 0.2", 0.1 + 0.2, "NOT_AN_INTEGER"],
  ["half a unit", 2000.5, "NOT_AN_INTEGER"],
  ["half a unit of a very large sum", 1_000_000_000_000_000.5, "NOT_AN_INTEGER"],
  ["a big integer", 2000n, "NOT_AN_INTEGER"],
  ["an object", { valueOf: (): number => 2000 }, "NOT_AN_INTEGER"],
  ["a list", [2000], "NOT_AN_INTEGER"],
  ["true", true, "NOT_AN_INTEGER"],
  ["0", 0, "NOT_POSITIVE"],
  ["-0", -0, "NOT_POSITIVE"],
  ["a sum below 0", -2000, "NOT_POSITIVE"],
  ["one above the largest", largestAmount + 1, "TOO_LARGE"],
  ["2^53 - 1", 2 ** 53 - 1, "TOO_LARGE"],
  ["2^53 + 2", 2 ** 53 + 2, "TOO_LARGE"],
  ["1e300", 1e300, "TOO_LARGE"],
];

test.each(noSums)("%s is no sum", (_what, value, fault) => {
  expect(findAmountFault(value)).toBe(fault);
});

test.each(noSums)("%s can't be bid on a lot of any kind, nor asked, nor paid at once, and changes nothing", (_what, value, fault) => {
  for (const terms of [english({ buyNow: 90_00 }), live(), dutch(), sealed()] satisfies Terms[]) {
    const paper = new PaperLot(terms);
    const { book } = paper;

    const told = [
      paper.bid("ann", value),
      paper.call("buyNow", { price: value, currency: "EUR" }, { userId: "ann" }),
      ...(terms.kind === "live" ? [paper.call("ask", { amount: value }), paper.call("floor", { amount: value })] : []),
    ];

    for (const { code, data } of told) expect([code, data]).toEqual(["INVALID_AMOUNT", { minimum: 10_00, currency: "EUR", fault, unit: 1 }]);
    expect(paper.book).toBe(book);
  }
});

test("from 1 to the largest all whole numbers are sums", () => {
  expect([1, 2, largestAmount - 1, largestAmount].map((amount) => findAmountFault(amount))).toEqual([undefined, undefined, undefined, undefined]);
});

test("the largest sums stand against each other without rounding", () => {
  const paper = new PaperLot(english());

  paper.bid("ann", largestAmount);
  expect(paper.bid("bob", largestAmount - 1)).toMatchObject({ result: { price: largestAmount, standing: "outbid" } });
  expect(paper.lot.minimum).toBe(largestAmount + 100_00);
  expect(Number.isSafeInteger(paper.lot.minimum)).toBe(true);
  expect(paper.bid("cat", largestAmount + 100_00)).toMatchObject({ code: "INVALID_AMOUNT", data: { fault: "TOO_LARGE" } });
});

test("a sum that is no multiple of the unit is refused with the unit", () => {
  const paper = new PaperLot(english({ unit: 5 }));

  expect(paper.bid("ann", 20_03)).toMatchObject({ code: "INVALID_AMOUNT", data: { fault: "NOT_A_MULTIPLE", unit: 5 } });
  expect(paper.bid("ann", 20_05)).toMatchObject({ kind: "accepted" });
});

test.each([
  ["yen, which have no smaller unit", "JPY", 1_000, [{ from: 0, step: 100 }], 5_000, 1_200, 1_300],
  ["Kuwaiti dinars, which have a thousand fils", "KWD", 1_250, [{ from: 0, step: 250 }], 9_999, 2_001, 2_251],
] as const)("%s are counted as every currency is", (_what, currency, opening, steps, first, second, price) => {
  const paper = new PaperLot(english({ currency, opening, steps }));

  paper.bid("ann", first);
  const told = paper.bid("bob", second);

  expect(told.result?.price).toBe(price);
  expect(paper.call("bid", { maximum: 50_000, currency: "EUR" }, { userId: "cat" })).toMatchObject({ code: "WRONG_CURRENCY", data: { currency } });
});

test("a currency is three capital letters", () => {
  expect(["EUR", "JPY", "KWD"].every(isCurrency)).toBe(true);
  expect(["", "eur", "EURO", "EU", "E€R", "EUR ", "EUR\n", null, undefined, 1, ["EUR"]].some(isCurrency)).toBe(false);
});

test.each([undefined, null, "eur", "USD", 5, ["EUR"], { currency: "EUR" }])("a bid in %j is refused with the lot's currency", (currency) => {
  const told = new PaperLot(english()).call("bid", { maximum: 20_00, currency }, { userId: "ann" });

  expect(told).toMatchObject({ code: "WRONG_CURRENCY", data: { minimum: 10_00, currency: "EUR" } });
});
