import { expect, test } from "vitest";
import { markOf } from "./mark-of.ts";

test("a mark has two letters, so that people of one initial are told apart", () => {
  expect(["Edith (robot)", "Eve", "Amber Heron", "I", "🦊"].map(markOf)).toEqual(["Ed", "Ev", "AH", "I", "🦊"]);
});
