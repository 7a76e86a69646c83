import * as collab from "nexios/collab";
import * as client from "nexios/collab/client";
import * as codemirror from "nexios/collab/codemirror";
import * as react from "nexios/collab/react";
import * as server from "nexios/collab/server";
import { expect, test } from "vitest";
import { DocumentPast } from "../../nexios/patterns/collab/past.ts";
import { codesIn, readPage, rowsOf } from "./pages.ts";
import { interfacesOf, membersOf, readSource } from "./sources.ts";

const page = readPage("docs/reference/collab.md");
const folder = "nexios/patterns/collab";
const calls = [...collab.documentRoom.calls, ...collab.documentRoom.questions];
const interfaces = interfacesOf(page.text, folder).filter(({ file }) => file.endsWith(".ts"));
/** What belongs to options beside their own members. */
const inherited: Readonly<Record<string, readonly string[]>> = { DocumentOptions: ["foldPieces", "keepMs"] };
const classes = [
  { name: "Documents", members: server.Documents.prototype, fields: [] },
  { name: "DocumentPast", members: DocumentPast.prototype, fields: [] },
  { name: "DocumentSession", members: client.DocumentSession.prototype, fields: ["room", "cursors", "origin", "undo"] },
  { name: "DocumentCursors", members: client.DocumentCursors.prototype, fields: [] },
  { name: "SessionUndo", members: client.SessionUndo.prototype, fields: [] },
];

/** The names before what they take, of the first cell of each row. */
function namesIn(heading: string): readonly string[] {
  return rowsOf(page, heading).flatMap(([names = ""]) => codesIn(names).map((code) => /^\w+/.exec(code)?.[0] ?? code));
}

/** The codes of a type that is a union of texts. */
function codesOf(file: string, pattern: RegExp): readonly string[] {
  const [, union = ""] = pattern.exec(readSource(`${folder}/${file}`)) ?? [];
  return [...union.matchAll(/"([A-Z_]+)"/g)].map((match) => match[1]!);
}

test("all that the entries of documents export is in the reference, and nothing else", () => {
  const exported = [collab, server, client, react, codemirror].flatMap((entry) => Object.keys(entry));

  const [first = ""] = page.text.split("\n## ");
  const rows = rowsOf({ ...page, text: first }).map(([name = ""]) => /\w+/.exec(name)?.[0]);

  expect(new Set(rows)).toEqual(new Set(exported));
  expect(rows).toHaveLength(exported.length);
});

test("every call and question of a document is in the reference with its refusals, and no other", () => {
  const declared = Object.fromEntries(calls.map(([name, { refusals }]) => [name, new Set(refusals)]));

  let last: readonly string[] = [];
  const rows = rowsOf(page, "## Calls and questions").flatMap(([names = "", , , refusals = ""]) => {
    if (refusals !== "the same") last = codesIn(refusals);
    return codesIn(names).map((name) => [name, new Set(last)] as const);
  });

  expect(Object.fromEntries(rows)).toEqual(declared);
  expect(rows).toHaveLength(calls.length);
});

test("every code by which something is refused or handed back has its paragraph, and no other", () => {
  const declared = [...calls.flatMap(([, { refusals }]) => [...refusals]), ...codesOf("refused-edit.ts", /readonly code: ([^;]+);\n {2}\/\*\* The whole text/)];

  const [, section = ""] = page.text.split("\n## Refusals\n");
  const headings = [...(section.split("\n## ")[0] ?? "").matchAll(/^### `([A-Z_]+)`$/gm)].map((match) => match[1]);

  expect(new Set(headings)).toEqual(new Set(declared));
  expect(declared.length).toBeGreaterThan(headings.length);
});

test("every fault of an edit is in the reference, and no other", () => {
  expect(new Set(namesIn("### `REFUSED`"))).toEqual(new Set(codesOf("gate.ts", /export type GateFault =([\s\S]+?);/)));
});

test("every limit of a document is in the reference with its default", () => {
  const table = Object.fromEntries(rowsOf(page, "## Limits").map(([name = "", value = ""]) => [codesIn(name)[0], Number(value.replaceAll(",", ""))]));

  expect(table).toEqual(collab.defaultDocumentLimits);
});

test("every status of a document is in the reference, and no other", () => {
  const [, union = ""] = /export type DocumentStatus =([\s\S]+)$/.exec(readSource(`${folder}/session-types.ts`)) ?? [];
  const kinds = [...union.matchAll(/readonly kind: "([a-z-]+)"/g)].map((match) => match[1]);

  expect(rowsOf(page, "### `DocumentStatus`").flatMap(([names = ""]) => codesIn(names))).toEqual(kinds);
});

test.for(interfaces)("the members of $name in $file are those of the reference", ({ name, file }) => {
  const members = [...membersOf(readSource(file), name), ...(inherited[name] ?? [])];

  expect(namesIn(`### \`${name}\``).toSorted()).toEqual(members.toSorted());
});

test.for(classes)("what a $name has is in the reference, and nothing else", ({ name, members, fields }) => {
  const declared = [...Object.getOwnPropertyNames(members).filter((member) => member !== "constructor"), ...fields];

  expect(namesIn(`### \`${name}\``).toSorted()).toEqual(declared.toSorted());
});
