import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { addDocuments, type Documents } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { calm } from "../wire/calm-load.ts";
import { buildPage } from "./built-page.ts";
import { launchBrowser, openPerson, type Person } from "./person.ts";

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Document</title><link rel="icon" href="data:,"></head>
<body><p role="status"></p><main><h1>Document</h1></main><script type="module" src="/page.js"></script></body></html>`;
const bob = { user: { id: "bob", name: "Bob" } };
/** Some of the lines take several rows of the window, as an editor can't know before it has shown them. */
const lines = Array.from({ length: 400 }, (_, at) => `Line ${at}.${at % 7 === 0 ? " It goes on and on.".repeat(20) : ""}\n`);

let browser: Browser;
let script: string;
let folder: string;
let app: NexiosApp;
let documents: Documents;
let url: string;
let ann: Person;

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), buildPage("reading-page.ts")]);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-reading-"));
  app = new NexiosApp({ auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } }, env: {}, load: calm, rooms: { folder } });
  documents = addDocuments(app, { accessOf: () => "write" });
  app.get("/", (c) => c.html(html));
  app.get("/page.js", (c) => c.body(script, 200, { "content-type": "text/javascript" }));
  app.get("/token/{name}", async (c) => c.text(await app.tokens.issue({ sub: c.req.param("name"), name: c.req.param("name") }, { expiresInSeconds: 60 })));
  ({ url } = await app.listen({ port: 0 }));
  await documents.create("1", lines.join(""));
  ann = await openPerson(browser);
});

afterEach(async () => {
  const { context, complaints } = ann;
  await context.close();
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

afterAll(() => browser.close());

async function open(scroller: "inner" | "page"): Promise<void> {
  await ann.page.goto(`${url}/#ann,${scroller}`);
  await ann.page.getByRole("status").filter({ hasText: "saved" }).waitFor();
}

/** Goes with the wheel to where so many pixels of the text are above. */
async function scrollBy(pixels: number): Promise<void> {
  await ann.page.locator(".cm-content").hover({ position: { x: 20, y: 20 } });
  await ann.page.mouse.wheel(0, pixels);
  await settle();
}

/** Until all is drawn that is known. */
function settle(): Promise<void> {
  return ann.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))");
}

/** The first line that is seen whole, and how far down in the window it stands. */
function firstLine(): Promise<{ readonly text: string; readonly top: number }> {
  return ann.page.evaluate(`(() => {
    const edge = Math.max(0, document.querySelector(".cm-scroller").getBoundingClientRect().top);
    const line = [...document.querySelectorAll(".cm-line")].find((each) => each.getBoundingClientRect().top >= edge);
    return { text: line.textContent.slice(0, 12), top: Math.round(line.getBoundingClientRect().top) };
  })()`);
}

/** Bob edits, and Ann's page has it drawn. */
async function edit(change: Parameters<Documents["edit"]>[1]): Promise<void> {
  await documents.edit("1", change, bob);
  const { length } = await documents.text("1");
  await ann.page.waitForFunction(`view.state.doc.length === ${length}`);
}

test.for([
  { scroller: "inner", isFocused: false },
  { scroller: "inner", isFocused: true },
  { scroller: "page", isFocused: false },
  { scroller: "page", isFocused: true },
] as const)(
  "what one reads stays where it is while others write above it: scrolled by the $scroller, with the caret in it $isFocused",
  async ({ scroller, isFocused }) => {
    await open(scroller);
    await scrollBy(3_000);
    if (isFocused) await ann.page.locator(".cm-line").nth(25).click();
    await settle();
    const seen = [await firstLine()];

    for (const change of [
      (text: { insert(at: number, text: string): void }) => text.insert(0, "Above all.\n".repeat(5)),
      (text: { insert(at: number, text: string): void }) => text.insert(10, " A long remark.".repeat(60)),
      (text: { delete(at: number, length: number): void }) => text.delete(0, 200),
    ]) {
      await edit(change);
      await settle();
      seen.push(await firstLine());
    }
    // Several in one turn are drawn together.
    await Promise.all(Array.from({ length: 8 }, (_, at) => documents.edit("1", (text) => text.insert(at * 40, `Number ${at}.\n\n`), bob)));
    await ann.page.waitForFunction(`view.state.doc.length === ${(await documents.text("1")).length}`);
    await settle();
    seen.push(await firstLine());

    const [{ text, top } = { text: "", top: NaN }] = seen;
    expect(text).toMatch(/^Line \d\d/);
    expect(seen.map((each) => each.text)).toEqual(Array(seen.length).fill(text));
    // A window scrolls by whole pixels.
    expect(seen.filter((each) => Math.abs(each.top - top) > 1)).toEqual([]);
  },
);

/** Others' lines come above, and something else happens before they are drawn; then where a line is that was seen. */
async function whileOthersWrite(event: string): Promise<{ readonly before: number; readonly after: number }> {
  const { text, top } = await firstLine();
  await ann.page.evaluate(`session.document.getText("text").insert(0, "Above all.\\n".repeat(30)); ${event}`);
  await settle();
  const line = ann.page.locator(".cm-line", { hasText: new RegExp(`^${text.split(".")[0]}\\.`) });
  return { before: top, after: Math.round((await line.boundingBox())?.y ?? NaN) };
}

test("who scrolls as others write comes to where he wanted", async () => {
  await open("page");
  await scrollBy(3_000);

  const { before, after } = await whileOthersWrite(`window.scrollBy({ top: -40, behavior: "instant" })`);

  expect(Math.abs(after - before - 40)).toBeLessThanOrEqual(1);
});

test("who writes as others write stays where he is, and comes to his caret where that is out of sight", async () => {
  await open("inner");
  await scrollBy(3_000);
  await ann.page.locator(".cm-line").nth(25).click();
  await settle();
  const typed = `view.dispatch({ changes: { from: view.state.selection.main.head, insert: "x" }, scrollIntoView: true, userEvent: "input.type" })`;

  const { before, after } = await whileOthersWrite(typed);
  await ann.page.evaluate(`
    session.document.getText("text").insert(0, "Above all.");
    view.dispatch({ selection: { anchor: 0 }, scrollIntoView: true });
  `);
  await settle();

  expect(Math.abs(after - before)).toBeLessThanOrEqual(1);
  expect(await ann.page.evaluate("view.scrollDOM.scrollTop")).toBeLessThan(20);
});
