import { auction } from "nexios/auction";
import { expect, test } from "vitest";
import { codesIn, readPage, rowsOf } from "./pages.ts";

const page = readPage("docs/reference/auction.md");

test("every refusal of a lot has its row in the reference, and no other", () => {
  const declared = new Set([...auction.calls.values(), ...auction.questions.values()].flatMap(({ refusals }) => [...refusals]));

  const rows = rowsOf(page, "## Refusals").map(([code = ""]) => codesIn(code)[0]);

  expect(new Set(rows)).toEqual(declared);
  expect(rows).toHaveLength(declared.size);
});

test("every call of a lot is in the reference, and no other", () => {
  const rows = rowsOf(page, "## Calls").flatMap(([names = ""]) => codesIn(names));

  expect(new Set(rows)).toEqual(new Set(auction.calls.keys()));
});
