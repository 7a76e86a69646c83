import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createDraw } from "./draw.fixture.ts";
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

const words = (seed: number, count: number): string => {
  const draw = createDraw(seed);
  return Array.from({ length: count }, () => `w${draw(16_000_000)}`).join(" ");
};

test("texts that have little in common cost no more than their length: what lies between their ends is replaced whole", () => {
  const [from, to] = [words(1, 20_000), words(2, 20_000)];

  const differences = findDifferences(`begin ${from} end`, `begin ${to} end`);

  expect(differences.length).toBeLessThan(10);
  expect(apply(differences, ["keep", "insert"])).toBe(`begin ${to} end`);
});

test("in a long text lines that both have stay, whatever was changed around them", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `Line ${at} of the text\n`);
  const changed = lines.with(10, "changed\n").with(15_000, "Line 15000 of this text\n").toSpliced(19_000, 100);

  const differences = findDifferences(lines.join(""), changed.join(""));

  expect(apply(differences, ["keep", "insert"])).toBe(changed.join(""));
  expect(differences.filter(([kind]) => kind === "insert").map(([, text]) => text)).toEqual(["changed", "this"]);
});

test("in a long line only what was changed is replaced", () => {
  const line = words(3, 40_000);

  const differences = findDifferences(`${line} here ${line}`, `${line} there ${line}`);

  expect(differences.filter(([kind]) => kind !== "keep")).toEqual([
    ["delete", "here"],
    ["insert", "there"],
  ]);
});

test("many different words are told apart", () => {
  const [from, to] = [words(4, 30_000), `${words(5, 10)} and ${words(6, 3)}`];

  expect(apply(findDifferences(from, to), ["keep", "delete"])).toBe(from);
  expect(apply(findDifferences(from, to), ["keep", "insert"])).toBe(to);
});
