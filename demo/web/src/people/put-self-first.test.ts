import { expect, test } from "vitest";
import { putSelfFirst } from "./put-self-first.ts";

const people = [{ userId: "ann" }, { userId: "bob" }, { userId: "cem" }];

test("oneself stands first, the others in the order in which they came", () => {
  expect(putSelfFirst(people, "bob").map(({ userId }) => userId)).toEqual(["bob", "ann", "cem"]);
});

test("who is not in the list yet changes nothing", () => {
  expect(putSelfFirst(people, "dan")).toBe(people);
  expect(putSelfFirst(people, undefined)).toBe(people);
});
