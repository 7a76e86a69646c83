import { NexiosApp } from "nexios";
import type { StoredEvent } from "nexios/activity";
import { type Activity, addActivity } from "nexios/activity/server";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { calm } from "../wire/calm-load.ts";
import { buildPage } from "./built-page.ts";
import { launchBrowser, openPerson, type Person } from "./person.ts";

const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tracking</title><link rel="icon" href="data:,">
</head><body><script type="module" src="/page.js"></script></body></html>`;

let browser: Browser;
let script: string;
let folder: string;
let app: NexiosApp;
let activity: Activity;
let url: string;
let ann: Person;

beforeAll(async () => {
  [browser, script] = await Promise.all([launchBrowser(), buildPage("tracking-page.ts")]);
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "nexios-tracking-"));
  app = new NexiosApp({ rooms: { folder }, env: { NEXIOS_DATA: folder }, load: calm });
  activity = addActivity(app);
  app.get("/", (c) => c.html(html));
  app.get("/page.js", (c) => c.body(script, 200, { "content-type": "text/javascript" }));
  ({ url } = await app.listen({ port: 0 }));
  ann = await openPerson(browser);
  await ann.page.goto(url);
  await ann.page.waitForFunction("globalThis.tracker !== undefined");
});

afterEach(async () => {
  await ann.context.close();
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => browser.close());

/** Events that are stored, when there are so many. */
function stored(count: number): Promise<readonly StoredEvent[]> {
  return vi.waitFor(
    async () => {
      const events = await activity.events(0, 10_000);
      expect(events).toHaveLength(count);
      return events;
    },
    { timeout: 10_000, interval: 20 },
  );
}

test("what a page has told is stored when it is left for another", async () => {
  await ann.page.evaluate('tracker.track("page", { path: "/lots" }); tracker.track("bid", { properties: { lot: 7 } }); undefined');

  await ann.page.goto("about:blank");

  const events = await stored(2);
  expect(events.map(({ type, path, properties }) => [type, path, properties])).toEqual([
    ["page", "/lots", undefined],
    ["bid", undefined, { lot: 7 }],
  ]);
  expect(await activity.summary()).toMatchObject({ events: 2, visitors: { count: 1 } });
});

test("what a closed tab had not sent is stored, as much as a browser lets go on, and nothing of it twice", async () => {
  await ann.page.evaluate('for (let index = 0; index < 49; index++) tracker.track("page", { properties: { text: "x".repeat(1000) } }); undefined');

  await ann.page.close({ runBeforeUnload: false });

  await stored(49);
  expect(activity.active()).toEqual({ count: 1, isExact: true });
});

test("a page that goes away in the middle of a try leaves what it was sending with a beacon, and it is counted once", async () => {
  let isHeld = true;
  await ann.page.route("**/activity", async (route) => {
    // The first try never gets anywhere.
    if (isHeld && route.request().resourceType() === "fetch") isHeld = false;
    else await route.continue();
  });
  await ann.page.evaluate('tracker.track("page"); void tracker.flush(); tracker.track("bid"); undefined');

  await ann.page.goto("about:blank");

  expect((await stored(2)).map(({ type }) => type)).toEqual(["page", "bid"]);
});
