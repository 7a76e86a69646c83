import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findDifferences } from "./text-difference.ts";

function apply(differences: ReturnType<typeof findDifferences>, kinds: readonly string[]): string {
  return differences
    .filter(([kind]) => kinds.includes(kind))
    .map(([, text]) => text)
    .join("");
}

test("what stays and goes is the first text, what stays and comes the second, whatever they are", () => {
  const text = fc.array(fc.constantFrom("one", "two ", "three", " ", "\n", "ü", "👍", "_1", "."), { maxLength: 30 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary" })), fc.oneof(text, fc.string({ unit: "binary" })), (from, to) => {
      const differences = findDifferences(from, to);

      expect(apply(differences, ["keep", "delete"])).toBe(from);
      expect(apply(differences, ["keep", "insert"])).toBe(to);
    }),
  );
});

test("a word stays whole or goes whole", () => {
  const kept = findDifferences("zero one three", "one two three").filter(([kind]) => kind === "keep");

  expect(kept.map(([, text]) => text).join("|")).not.toMatch(/(^|\|)o |tw\|/);
  expect(kept.some(([, text]) => text.includes("three"))).toBe(true);
  expect(kept.some(([, text]) => text.includes("one"))).toBe(true);
});
