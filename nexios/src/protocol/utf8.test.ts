import { expect, test } from "vitest";
import { toUtf8 } from "./utf8.ts";

const texts = ["", "a", "plain ASCII", "é", "日本語", "😀 and more", "half a pair: \ud800", "x".repeat(512), "x".repeat(513), `${"x".repeat(600)}é`];

test.each(texts)("%j is what the encoder makes of it", (text) => {
  expect([...toUtf8(text)]).toEqual([...new TextEncoder().encode(text)]);
});

test("what was made before stays as it was, however much is made after it", () => {
  const made = Array.from({ length: 1_000 }, (_, index) => ({ text: `text ${index}`, bytes: toUtf8(`text ${index}`) }));

  expect(made.every(({ text, bytes }) => new TextDecoder().decode(bytes) === text)).toBe(true);
});

test("a short text keeps no more memory than a common array, a long one its own", () => {
  const [short, long] = [toUtf8("short"), toUtf8("x".repeat(513))];

  expect([short.buffer.byteLength, long.buffer.byteLength]).toEqual([2_048, 513]);
});
