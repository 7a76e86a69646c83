import { expect, test } from "vitest";
import { BytePool } from "./byte-pool.ts";
import { toUtf8 } from "./utf8.ts";

const texts = ["", "a", "plain ASCII", "é", "日本語", "😀 and more", "half a pair: \ud800", "x".repeat(512), "x".repeat(513), `${"x".repeat(600)}é`];

test.each(texts)("%j is what the encoder makes of it", (text) => {
  const encoded = [...new TextEncoder().encode(text)];

  expect([[...toUtf8(text)], [...toUtf8(text, new BytePool())]]).toEqual([encoded, encoded]);
});

test("what was made before stays as it was, however much is made after it", () => {
  const pool = new BytePool();
  const made = Array.from({ length: 1_000 }, (_, index) => ({ text: `text ${index}`, bytes: toUtf8(`text ${index}`, pool) }));

  expect(made.every(({ text, bytes }) => new TextDecoder().decode(bytes) === text)).toBe(true);
});

test("a short text of a pool keeps no more memory than a common array, all others their own", () => {
  const pool = new BytePool();
  const lengths = [toUtf8("short", pool), toUtf8("x".repeat(513), pool), toUtf8("alone")].map(({ buffer }) => buffer.byteLength);

  expect(lengths).toEqual([2_048, 513, 5]);
});
