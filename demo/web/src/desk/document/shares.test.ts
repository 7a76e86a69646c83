import { expect, test } from "vitest";
import { editedLinesOf, sharesOf } from "./shares.ts";

const ann = { userId: "ann", name: "Ann" };
const bob = { userId: "bob", name: "Bob" };
const eve = { userId: "eve", name: "Eve" };

test("shares are a hundred together, the largest first", () => {
  const shares = sharesOf([
    { ...ann, text: "a" },
    { ...bob, text: "bb" },
    { ...eve, text: "e" },
    { ...bob, text: "bb" },
  ]);

  expect(shares.map(({ name, percent }) => [name, percent])).toEqual([
    ["Bob", 67],
    ["Ann", 16],
    ["Eve", 17],
  ]);
});

test("nobody has a share of an empty text", () => {
  expect(sharesOf([])).toEqual([]);
});

test("somebody has edited each line that he added to, or took from, once", () => {
  const lines = editedLinesOf([
    { ...ann, kind: "kept", text: "one\ntw" },
    { ...bob, kind: "deleted", text: "o" },
    { ...bob, kind: "inserted", text: "x\nthree" },
    { ...ann, kind: "kept", text: "\nfour" },
    { ...eve, kind: "inserted", text: "!" },
  ]);

  expect(lines.map(({ name, lines: count }) => [name, count])).toEqual([
    ["Bob", 2],
    ["Eve", 1],
  ]);
});
