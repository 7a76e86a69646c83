// @vitest-environment happy-dom
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createElement, type ReactElement } from "react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settle, until } from "../../src/react/page.fixture.ts";
import { Stage } from "../../src/react/stage.fixture.ts";
import { documentRoom } from "./contract.ts";
import { textOf } from "./engine.ts";
import { type EditStorage, MemoryEditStorage } from "./offline.ts";
import { useDocument } from "./react.ts";
import { serveDocuments } from "./serve-documents.ts";

let stage: Stage;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-page-"));
  stage = await Stage.open(undefined, [serveDocuments({ accessOf: ({ id }) => (id === "reader" ? "read" : "write"), limits: { characters: 40 } })], folder);
});

afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

function View({ id = "1" }: { readonly id?: string }): ReactElement {
  const { text, status, access, refused, people, session, forgetRefused } = useDocument(id);
  const carets = people.map(({ name, cursor }) => `${name}@${cursor?.head ?? "-"}`).join();
  const button = (label: string, onClick: () => void): ReactElement => createElement("button", { onClick, key: label }, label);
  return createElement("div", null, createElement("p", null, [text, status.kind, access, refused?.text.length ?? 0, carets].join("|")), [
    button("write", () => session?.edit((each) => each.insert(each.length, "x"))),
    button("too much", () => session?.edit((each) => each.insert(0, "y".repeat(50)))),
    button("point", () => session?.cursors.show(1)),
    button("forget", forgetRefused),
  ]);
}

function Refusals({ storage }: { readonly storage?: EditStorage }): ReactElement {
  const { status, refused, moreRefused, session, canWrite, forgetRefused } = useDocument("1", storage && { storage });
  const insert = (length: number) => (): void => session?.edit((each) => each.insert(0, "y".repeat(length)));
  return createElement(
    "div",
    null,
    createElement("p", null, refused === undefined ? status.kind : `${refused.text.length} and ${moreRefused} more`),
    createElement("i", null, canWrite ? "open" : "locked"),
    createElement("button", { onClick: insert(50) }, "too much"),
    createElement("button", { onClick: insert(60) }, "even more"),
    createElement("button", { onClick: forgetRefused }, "forget"),
  );
}

async function storedText(id = "1"): Promise<string> {
  return textOf((await stage.app.room(documentRoom, { id }).state()).document);
}

test("a page shows the text, whether it is saved, and who else is here with a caret", async () => {
  const visitor = stage.visit("ann");
  const [ann, bob] = [stage.show(visitor, createElement(View)), stage.show(stage.visit("bob"), createElement(View))];
  // They may see each other already.
  await until(() => [ann, bob].every((page) => page.textsOf("p")[0]?.startsWith("|saved|write|0|")));

  ann.click("write");
  ann.click("write");
  ann.click("point");
  await visitor.clock.advance(50);

  await until(() => bob.textsOf("p")[0] === "xx|saved|write|0|ann@1");
  await until(() => ann.textsOf("p")[0]?.startsWith("xx|saved|") === true);
  expect(await storedText()).toBe("xx");
});

test("what is refused is shown until it is forgotten", async () => {
  const page = stage.show(stage.visit("ann"), createElement(View));
  await until(() => page.textsOf("p")[0] === "|saved|write|0|");

  page.click("too much");
  await until(() => page.textsOf("p")[0] === "|refused|write|50|");
  page.click("forget");
  await until(() => page.textsOf("p")[0] === "|saved|write|0|");

  expect(await storedText()).toBe("");
});

test("of several texts that were refused the oldest is shown, with how many come after it", async () => {
  const page = stage.show(stage.visit("ann"), createElement(Refusals));
  await until(() => page.textsOf("p")[0] === "saved");

  page.click("too much");
  await until(() => page.textsOf("p")[0] === "50 and 0 more");
  await until(() => page.textsOf("i")[0] === "open");
  page.click("even more");
  await until(() => page.textsOf("p")[0] === "50 and 1 more");
  page.click("forget");

  await until(() => page.textsOf("p")[0] === "60 and 0 more");
  expect(await storedText()).toBe("");
});

test("two components of a page that show one document have one session, which goes on until the last of them is gone", async () => {
  const visitor = stage.visit("ann");
  const both = createElement("div", null, createElement(View, { key: "a" }), createElement(View, { key: "b" }));
  const page = stage.show(visitor, both);
  await until(() => page.textsOf("p").join() === "|saved|write|0|,|saved|write|0|");

  page.click("write");
  page.click("point");
  await visitor.clock.advance(50);
  await until(() => page.textsOf("p").join() === "x|saved|write|0|,x|saved|write|0|");
  page.show(createElement("div", null, createElement(View, { key: "b" })));
  page.click("write");
  await until(() => page.textsOf("p").join() === "xx|saved|write|0|");
  const { clients } = await stage.app.room(documentRoom, { id: "1" }).state();
  page.show(null);

  await until(() => !visitor.client.room(documentRoom, { id: "1" }).isHeld);
  expect([clients.length, await storedText()]).toEqual([1, "xx"]);
});

test("with another storage the same document is another session", async () => {
  const page = stage.show(stage.visit("ann"), createElement("div", null, createElement(View), createElement(Refusals, { storage: new MemoryEditStorage() })));

  await until(() => page.textsOf("p").every((shown) => shown.includes("saved")));

  expect((await stage.app.room(documentRoom, { id: "1" }).state()).clients).toHaveLength(2);
});

test("who may only read is told so", async () => {
  const page = stage.show(stage.visit("reader"), createElement(View));

  await until(() => page.textsOf("p")[0]?.includes("read-only") === true);

  expect(page.textsOf("p")).toEqual(["|read-only|read|0|"]);
});

test("strict mode opens one session that lives, and only that one asks for a client id", async () => {
  const visitor = stage.visit("ann");
  const page = stage.show(visitor, createElement(View));
  await until(() => page.textsOf("p")[0] === "|saved|write|0|");
  await settle();

  expect((await stage.app.room(documentRoom, { id: "1" }).state()).clients).toHaveLength(1);
});

test("what was written is stored though the view is gone at once, and another document is shown by itself", async () => {
  const visitor = stage.visit("ann");
  const page = stage.show(visitor, createElement(View));
  await until(() => page.textsOf("p")[0] === "|saved|write|0|");

  page.click("write");
  page.show(createElement(View, { id: "2" }));
  const shown = page.textsOf("p")[0];
  await until(() => page.textsOf("p")[0] === "|saved|write|0|");
  page.click("write");
  page.show(null);

  await until(() => !visitor.client.room(documentRoom, { id: "2" }).isHeld);
  expect([shown, await storedText("1"), await storedText("2")]).toEqual(["|opening|read|0|", "x", "x"]);
});
