import { NexiosApp } from "nexios";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { board, boards } from "../../nexios/src/react/board.fixture.ts";
import { calm } from "../wire/calm-load.ts";
import { buildPage } from "./built-page.ts";
import { lookAt } from "./look.ts";
import { Network } from "./network.ts";
import { launchBrowser, openPerson, type Person } from "./person.ts";
import type { PageRecord } from "./react-page.ts";

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Board</title><link rel="icon" href="data:,">
<style>:root { color-scheme: light dark } .nexios-banner { position: fixed; inset: 50% 0 auto } .nexios-banner-details { height: 2em }</style></head>
<body><main></main><script type="module" src="/page.js"></script></body></html>`;

let browser: Browser;
let script: string;
let app: NexiosApp;
let network: Network;
let people: Person[] = [];

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), buildPage("react-page.ts", "development")]);
});

beforeEach(async () => {
  app = new NexiosApp({ auth: { jwt: { secret: "0123456789abcdef0123456789abcdef" } }, env: {}, load: calm }).add(boards);
  app.get("/", (c) => c.html(html));
  app.get("/page.js", (c) => c.body(script, 200, { "content-type": "text/javascript" }));
  app.get("/token/{name}", async (c) => c.text(await app.tokens.issue({ sub: c.req.param("name"), name: c.req.param("name") }, { expiresInSeconds: 60 })));
  network = await Network.open((await app.listen({ port: 0 })).port);
});

afterEach(async () => {
  const complaints = people.flatMap((person) => person.complaints);
  for (const { context } of people) await context.close();
  people = [];
  await network.close();
  await app.stop({ deadlineMs: 200 });
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

afterAll(() => browser.close());

/** Somebody who looks at the page, with the frames that the page has sent. */
async function come(name: string): Promise<Person & { readonly sent: string[] }> {
  const person = await openPerson(browser);
  const sent: string[] = [];
  people.push(person);
  person.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(...String(payload).split("\n"))));
  await person.page.goto(`${network.url}/#${name}`);
  await person.page.locator("#board", { hasText: /^live/ }).waitFor();
  return { ...person, sent };
}

function recordOf({ page }: Person): Promise<PageRecord> {
  return page.evaluate("record");
}

test("views that mount twice join their room once on the wire, and see each other", async () => {
  const ann = await come("ann");
  const bob = await come("bob");

  await ann.page.locator("#board", { hasText: "with bob" }).waitFor();
  await bob.page.getByRole("button", { name: "Add mine" }).click();
  await ann.page.locator("#board", { hasText: "last mine" }).waitFor();

  expect(ann.sent.filter((frame) => frame.startsWith('{"t":"j"'))).toHaveLength(1);
  expect(ann.sent.filter((frame) => frame.startsWith('{"t":"l"'))).toEqual([]);
});

test("100 entries in one message are one render", async () => {
  const ann = await come("ann");
  await ann.page.locator("#count", { hasText: "0" }).waitFor();
  const before = (await recordOf(ann)).renders.length;

  await app.room(board, { boardId: "1" }).call(
    "add",
    Array.from({ length: 100 }, (_, at) => `line ${at}`),
  );
  await ann.page.locator("#count", { hasText: "100" }).waitFor();

  expect((await recordOf(ann)).renders.slice(before)).toEqual([100]);
});

test("the banner speaks of a lost line after 2 s, is accessible, and brings the line back", async () => {
  const ann = await come("ann");
  const banner = ann.page.locator(".nexios-banner");
  ann.expectOutage();

  network.cut();
  await ann.page.getByRole("status").filter({ hasText: "The connection is lost." }).waitFor();
  const { lostAt = 0, spokenAt = 0 } = await recordOf(ann);
  const findings = await lookAt(ann, "banner");
  network.mend();
  await app.room(board, { boardId: "1" }).call("add", ["meanwhile"]);
  await ann.page.getByRole("button", { name: "Try now" }).click();
  await ann.page.locator("#board", { hasText: "live, last meanwhile" }).waitFor();
  await ann.page.locator(".nexios-banner:not([data-kind])").waitFor({ state: "attached" });

  expect(spokenAt - lostAt).toBeGreaterThanOrEqual(1_990);
  expect(findings).toEqual([]);
  expect(await banner.innerText()).toBe("");
});
