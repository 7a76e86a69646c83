import { expect, test } from "vitest";
import { toMoment } from "./deeds.ts";
import { agoText, kindOf, textOf } from "./notice-text.ts";
import { browserOf } from "./push.ts";

test("a notification is said by its figures, and where it has none by its producer's words", () => {
  expect(textOf({ body: "x", data: { kind: "outbid", price: 122_50, next: 125_00, currency: "EUR" } })).toBe("The price is €122.50, the next bid €125.00.");
  expect(textOf({ body: "x", data: { kind: "sold", price: 100_00, currency: "EUR" } })).toBe("Your lot was sold for €100.00.");
  expect(textOf({ data: { kind: "closing", closesAt: 0, standing: "leading", price: 100_00, currency: "EUR" } })).toContain(" You lead, at €100.00.");
  expect(textOf({ body: "Bob: ask @Ann", data: { kind: "mention", name: "Bob" } })).toBe("Bob: ask @Ann");
  expect(textOf({ body: "Written elsewhere" })).toBe("Written elsewhere");
});

test("won and sold are two kinds of one category; what is none of ours has a kind all the same", () => {
  expect([kindOf({ category: "won", data: { kind: "sold" } }), kindOf({ category: "won" }), kindOf({ category: "other" })]).toEqual(["sold", "won", "mention"]);
});

test("how long ago it was is said in words that change seldom", () => {
  const texts = [0, 59_000, 60_000, 3_599_000, 3_600_000, 86_400_000].map((ms) => agoText(0, ms));

  expect(texts).toEqual(["now", "now", "1 min", "59 min", "1 h", "1 d"]);
});

test("what is put off to tomorrow comes back at nine by the clock of the reader", () => {
  const now = new Date(2026, 0, 31, 23, 30).getTime();

  expect(new Date(toMoment("tomorrow", now))).toEqual(new Date(2026, 1, 1, 9));
  expect(toMoment("minutes", now) - now).toBe(600_000);
});

test("a browser is known by its name and its system", () => {
  const edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36 Edg/156.0";

  expect(browserOf(edge)).toEqual({ browser: "Edge", system: "Windows" });
  expect(browserOf("")).toEqual({ browser: "Browser", system: "a device" });
});
