import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { documentRoom } from "nexios/collab";
import { addDocuments, type Documents } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { calm } from "../wire/calm-load.ts";
import { paste } from "./document-page.ts";
import { buildPage } from "./built-page.ts";
import { lookAt } from "./look.ts";
import { Network } from "./network.ts";
import { launchBrowser, openPerson, type Person } from "./person.ts";

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Document</title><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark }</style></head>
<body><main><h1>Document</h1></main><p role="status"></p><script type="module" src="/page.js"></script></body></html>`;

let browser: Browser;
let script: string;
let folder: string;
let app: NexiosApp;
let documents: Documents;
let network: Network;
let people: Person[] = [];

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), buildPage("editors-page.ts")]);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-editors-"));
  app = new NexiosApp({ auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } }, env: {}, load: calm, rooms: { folder } });
  documents = addDocuments(app, { accessOf: () => "write" });
  app.get("/", (c) => c.html(html));
  app.get("/page.js", (c) => c.body(script, 200, { "content-type": "text/javascript" }));
  app.get("/token/{name}", async (c) => c.text(await app.tokens.issue({ sub: c.req.param("name"), name: c.req.param("name") }, { expiresInSeconds: 60 })));
  network = await Network.open((await app.listen({ port: 0 })).port);
  await documents.create("1", "one two three");
});

afterEach(async () => {
  const complaints = people.flatMap((person) => person.complaints);
  for (const { context } of people) await context.close();
  people = [];
  await network.close();
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

afterAll(() => browser.close());

/** Somebody who has the document before him. */
async function come(name: string, editor: "mirror" | "area"): Promise<Person> {
  const person = await openPerson(browser);
  people.push(person);
  await person.page.goto(`${network.url}/#${name},${editor}`);
  await says(person, /^saved/);
  return person;
}

/** Waits until the page says so. */
function says({ page }: Person, words: RegExp): Promise<void> {
  return page.getByRole("status").filter({ hasText: words }).waitFor();
}

/** What is shown in the editor, without the names at carets. */
function shownTo({ page }: Person): Promise<string> {
  return page.evaluate(`
    (() => {
      const lines = [...document.querySelectorAll(".cm-line")].map((line) => line.cloneNode(true));
      for (const line of lines) for (const caret of line.querySelectorAll(".nexios-caret")) caret.remove();
      return document.querySelector("textarea")?.value ?? lines.map(({ textContent }) => textContent).join("\\n");
    })()
  `);
}

async function textOf({ page }: Person): Promise<string> {
  return page.evaluate("session.text");
}

async function areEqual(): Promise<string> {
  return vi.waitFor(
    async () => {
      const stored = await documents.text("1");
      for (const person of people) expect(await textOf(person)).toBe(stored);
      return stored;
    },
    { timeout: 15_000 },
  );
}

async function goToEnd({ page }: Person): Promise<void> {
  await page.getByRole("textbox", { name: "Text" }).click();
  await page.keyboard.press("Control+End");
}

test("two type at once, one in CodeMirror and one in a text area, each sees the other's caret, and each takes back only his own", async () => {
  const [ann, bob] = [await come("ann", "mirror"), await come("bob", "area")];
  await goToEnd(ann);
  await goToEnd(bob);

  await Promise.all([ann.page.keyboard.type(" from ann", { delay: 5 }), bob.page.keyboard.type(" from bob", { delay: 5 })]);
  await says(ann, /^saved.*bob@\d/);
  await says(bob, /^saved.*ann@\d/);
  const both = await areEqual();
  await ann.page.locator(".nexios-caret-name", { hasText: "bob" }).waitFor({ state: "attached" });
  const shown = await Promise.all([ann, bob].map(shownTo));
  const findings = [...(await lookAt(ann, "mirror")), ...(await lookAt(bob, "area"))];
  await ann.page.keyboard.press("Control+z");
  await says(ann, /^saved/);
  const undone = await areEqual();

  expect(Array.from(both).toSorted()).toEqual(Array.from("one two three from ann from bob").toSorted());
  expect(shown).toEqual([both, both]);
  expect(undone).toBe("one two three from bob");
  expect(findings).toEqual([]);
});

test("a paste of 500,000 characters arrives whole, and one past the limit is refused whole and handed back", { timeout: 120_000 }, async () => {
  const [ann, bob] = [await come("ann", "mirror"), await come("bob", "area")];
  const long = "Lot by lot, line by line.\n".repeat(20_000).slice(0, 500_000);
  await goToEnd(ann);

  await paste(ann, long);
  await says(ann, /^saved/);
  const pasted = await areEqual();
  await goToEnd(bob);
  await paste(bob, long);
  await says(bob, /TOO_LARGE\|1000013/);
  const after = await areEqual();

  expect(pasted).toBe(`one two three${long}`);
  expect(after).toBe(pasted);
});

test("what is typed while the network is gone is kept, and goes together with what others typed when it is back", async () => {
  const [ann, bob] = [await come("ann", "mirror"), await come("bob", "area")];
  await goToEnd(ann);
  await goToEnd(bob);
  for (const person of people) person.expectOutage();

  network.cut();
  await Promise.all([says(ann, /^offline/), says(bob, /^offline/)]);
  await Promise.all([ann.page.keyboard.type(", ann alone"), bob.page.keyboard.type(", bob alone")]);
  await Promise.all([says(ann, /^offline, waiting/), says(bob, /^offline, waiting/)]);
  await documents.edit("1", (text) => text.insert(0, "Meanwhile: "));
  network.mend();
  await Promise.all([says(ann, /^saved/), says(bob, /^saved/)]);
  const text = await areEqual();

  expect(text.startsWith("Meanwhile: one two three, ")).toBe(true);
  expect([text.includes(", ann alone"), text.includes(", bob alone"), text.length]).toEqual([true, true, 46]);
});

test("a moment is restored under two who have it open, and that is taken back", async () => {
  const [ann, bob] = [await come("ann", "mirror"), await come("bob", "area")];
  const room = app.room(documentRoom, { id: "1" });
  const { count } = await room.state();
  await goToEnd(bob);
  await bob.page.keyboard.type(" four");
  await says(bob, /^saved/);

  const restored = await room.call("restore", { count }, { user: { id: "ann", name: "ann" } });
  const first = await areEqual();
  await room.call("restore", { count: restored.kind === "accepted" ? restored.result.before : 0 }, { user: { id: "ann", name: "ann" } });
  const second = await areEqual();

  expect([first, second, await shownTo(ann), await shownTo(bob)]).toEqual(["one two three", ...Array<string>(3).fill("one two three four")]);
});
