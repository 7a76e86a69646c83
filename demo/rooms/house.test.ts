import { expect, test } from "vitest";
import { house, judgeText, toText } from "./house.ts";

test("what can't be seen is not said, but line breaks are", () => {
  expect(toText(" one\ttwo\u0000\r\nthree \u0007")).toBe("one two \nthree");
  expect(toText("half \uD83E")).toBe("half \uFFFD");
});

test("a text is judged by its characters, not by what they take", () => {
  expect(judgeText("🦉".repeat(500))).toBeUndefined();
  expect(judgeText("🦉".repeat(501))).toEqual({ code: "TOO_LONG", data: { limit: 500, characters: 501 } });
  expect(judgeText("")).toEqual({ code: "EMPTY" });
});

test("the fold counts all lines and shows the newest hundred", () => {
  const line = (number: number) => ({ text: String(number), at: number, by: { id: "ann", name: "Ann" } });

  const talk = Array.from({ length: 101 }, (_, index) => line(index + 1)).reduce((state, one) => house.evolve(state, one), house.initial());

  expect([talk.count, talk.lines.length, talk.lines[0]?.text]).toEqual([101, 100, "2"]);
});
