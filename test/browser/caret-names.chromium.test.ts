import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp } from "nexios";
import { type Client, createClient } from "nexios/client";
import { DocumentSession } from "nexios/collab/client";
import { addDocuments } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { calm } from "../wire/calm-load.ts";
import { buildPage } from "./built-page.ts";
import { launchBrowser, openPerson, type Person } from "./person.ts";

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Document</title><link rel="icon" href="data:,"></head>
<body><p role="status"></p><main><h1>Document</h1></main><script type="module" src="/page.js"></script></body></html>`;

let browser: Browser;
let script: string;
let folder: string;
let app: NexiosApp;
let ann: Person;
let client: Client;
let bob: DocumentSession;

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), buildPage("reading-page.ts")]);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-names-"));
  app = new NexiosApp({ auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } }, env: {}, load: calm, rooms: { folder } });
  const documents = addDocuments(app, { accessOf: () => "write" });
  app.get("/", (c) => c.html(html));
  app.get("/page.js", (c) => c.body(script, 200, { "content-type": "text/javascript" }));
  const issue = (name: string): Promise<string> => app.tokens.issue({ sub: name, name }, { expiresInSeconds: 60 });
  app.get("/token/{name}", async (c) => c.text(await issue(c.req.param("name"))));
  const { url } = await app.listen({ port: 0 });
  await documents.create("1", "First line\nsecond line\nthird line\n");
  client = createClient({ url: `${url}/realtime`, token: () => issue("bob"), limits: { presenceMs: 0 } });
  bob = new DocumentSession(client, "1");
  ann = await openPerson(browser);
  await ann.page.goto(`${url}/#ann,inner`);
  await Promise.all([bob.opened(), ann.page.getByRole("status").filter({ hasText: "saved" }).waitFor()]);
});

afterEach(async () => {
  const { context, complaints } = ann;
  await context.close();
  await client.close();
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

afterAll(() => browser.close());

/** Bob goes to a place in the text, and Ann sees him there. */
async function goTo(place: number): Promise<void> {
  bob.cursors.show(place);
  await ann.page.waitForFunction(`session.cursors.people[0]?.cursor?.head === ${place} && document.querySelector(".nexios-caret-name") !== null`);
  await ann.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))");
}

interface Name {
  readonly top: number;
  readonly bottom: number;
  readonly opacity: number;
}

/** Where the name stands beside the line that its caret is in, and beside what scrolls. */
function look(): Promise<{ readonly name: Name; readonly line: { readonly top: number; readonly bottom: number }; readonly edge: number }> {
  return ann.page.evaluate(`(() => {
    const name = document.querySelector(".nexios-caret-name");
    const [{ top, bottom }, line, scroller] = [name, name.closest(".cm-line"), document.querySelector(".cm-scroller")].map((each) => each.getBoundingClientRect());
    return { name: { top, bottom, opacity: Number(getComputedStyle(name).opacity) }, line: { top: line.top, bottom: line.bottom }, edge: scroller.top };
  })()`);
}

/** Until nothing moves any more. */
function rest(): Promise<void> {
  return ann.page.evaluate("Promise.all(document.getAnimations().map(({ finished }) => finished)).then(() => undefined)");
}

test("a name stands above its caret, and below it in the first line, where it would be cut off", async () => {
  await goTo(3);
  const first = await look();
  await goTo(14);
  const second = await look();

  expect([first.name.top >= first.line.top, first.name.top >= first.edge, first.name.bottom > first.line.bottom]).toEqual([true, true, true]);
  expect([second.name.top >= second.edge, second.name.bottom < second.line.bottom]).toEqual([true, true]);
});

test("a name goes while its caret rests, though others write before it, and comes back as it is moved or pointed at", async () => {
  await goTo(14);
  const moved = await look();
  await rest();
  const rested = await look();
  await ann.page
    .locator(".cm-line")
    .nth(1)
    .click({ position: { x: 8, y: 8 } });
  await ann.page.keyboard.type("Ann's ");
  await ann.page.waitForFunction("session.cursors.people[0].cursor.head === 20");
  const pushed = await look();
  const caret = await ann.page.locator(".nexios-caret").boundingBox();
  await ann.page.mouse.move((caret?.x ?? 0) + 1, (caret?.y ?? 0) + 5);
  const pointed = await look();
  await ann.page.mouse.move(0, 0);
  await rest();
  const left = await look();
  await goTo(16);
  const again = await look();

  expect([moved, rested, pushed, pointed, left, again].map(({ name }) => Math.round(name.opacity))).toEqual([1, 0, 0, 1, 0, 1]);
});
