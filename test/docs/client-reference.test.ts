import * as client from "nexios/client";
import * as react from "nexios/react";
import { expect, test } from "vitest";
import { codesIn, readPage, rowsOf } from "./pages.ts";
import { interfacesOf, membersOf, readSource } from "./sources.ts";

const pages = [
  { page: readPage("docs/reference/client.md"), folder: "nexios/src/client", exported: Object.keys(client) },
  { page: readPage("docs/reference/react.md"), folder: "nexios/src/react", exported: Object.keys(react) },
];

const interfaces = pages.flatMap(({ page, folder }) => interfacesOf(page.text, folder).map((found) => ({ ...found, page })));

test.for(interfaces)("the members of $name in $file are those of the reference", ({ name, file, page }) => {
  const rows = rowsOf(page, `### \`${name}\``);

  expect(rows.map(([member = ""]) => codesIn(member)[0])).toEqual(membersOf(readSource(file), name));
});

test.for(pages)("all that $folder exports is in the reference, and nothing else", ({ page, exported }) => {
  const [first = ""] = page.text.split("\n### ");

  const rows = rowsOf({ ...page, text: first });

  expect(new Set(rows.map(([name = ""]) => /\w+/.exec(name)?.[0]))).toEqual(new Set(exported));
});

test("every limit of a client is in the reference with its default", () => {
  const rows = rowsOf(readPage("docs/reference/client.md"), "### `ClientLimits`");

  const table = Object.fromEntries(rows.map(([name = "", value = ""]) => [codesIn(name)[0], Number(value.replaceAll(",", ""))]));

  expect(table).toEqual(client.defaultClientLimits);
});
