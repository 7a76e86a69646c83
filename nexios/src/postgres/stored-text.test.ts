import fc from "fast-check";
import { expect, test } from "vitest";
import { fromStoredText, toStoredText } from "./stored-text.ts";

const texts = fc.string({ unit: fc.constantFrom("\u0000", "\u0001", "\u0002", "0", "1", "a", "\u{1f600}") });

test("every text comes back as it was, and is stored without U+0000", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(fromStoredText(toStoredText(text))).toBe(text);
      expect(toStoredText(text)).not.toContain("\u0000");
    }),
  );
});

test("texts that are stored keep their order and their beginnings", () => {
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      expect(Buffer.compare(Buffer.from(toStoredText(one)), Buffer.from(toStoredText(other)))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      expect(toStoredText(one + other).startsWith(toStoredText(one))).toBe(true);
    }),
  );
});
