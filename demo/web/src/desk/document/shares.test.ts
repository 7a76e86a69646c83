import { expect, test } from "vitest";
import { changesOf, sharesOf } from "./shares.ts";

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

test("of each is told how much he has added and deleted, and of what is kept nothing", () => {
  const changes = changesOf([
    { ...ann, kind: "kept", text: "one\ntw" },
    { ...bob, kind: "deleted", text: "o\n\n" },
    { ...bob, kind: "inserted", text: "x\nthree" },
    { ...ann, kind: "kept", text: "\nfour" },
    { ...eve, kind: "inserted", text: "!" },
    { ...bob, kind: "deleted", text: "." },
  ]);

  expect(changes.map(({ name, inserted, deleted }) => [name, inserted, deleted])).toEqual([
    ["Bob", 7, 4],
    ["Eve", 1, 0],
  ]);
});
