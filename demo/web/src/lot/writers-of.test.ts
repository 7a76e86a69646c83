import { expect, test } from "vitest";
import { writersOf } from "./writers-of.ts";

const cursor = { anchor: "", head: "" };

test("who has a caret in the text writes; who only looks, or has long been still, does not", () => {
  const people = [
    { userId: "ann", name: "Ann", state: { cursor } },
    { userId: "bob", name: "Bob", state: {} },
    { userId: "eve", name: "Eve", state: { cursor, isIdle: true } },
  ];

  expect(writersOf(people)).toEqual(["Ann"]);
});

test("somebody with two windows is named once, and two of one name are two", () => {
  const people = ["ann", "ann", "other"].map((userId) => ({ userId, name: "Ann", state: { cursor } }));

  expect(writersOf(people)).toEqual(["Ann", "Ann"]);
});
