import { accept, defineRoom, NexiosApp, systemClock, type } from "nexios";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { calm } from "../wire/calm-load.ts";
import { launchBrowser, openPerson } from "./person.ts";

interface Reading {
  readonly now: number;
  readonly bound: number;
  /** How far the shown time is from the server's. */
  readonly error: number;
}

const sources = join(import.meta.dirname, "../../nexios/src");
/** The page and the server's clock are read one after the other, and both in whole milliseconds. */
const readingMs = 1.5;
const aheadMs = 123_456;
const burst = 8;

const lobby = defineRoom("lobby", { log: "volatile", entry: type<string>(), state: type<string>(), calls: { say: { input: type<string>() } } }).fold(
  "",
  (_, said) => said,
);

let browser: Browser;
let app: NexiosApp;
let sleptMs: number;

beforeAll(async () => {
  browser = await launchBrowser();
});

beforeEach(() => {
  sleptMs = 0;
  // Of this machine, as the browser's is, but ahead of it, and not asleep with it.
  const clock = { ...systemClock, now: () => Date.now() + aheadMs + sleptMs, monotonic: () => performance.now() + sleptMs };
  app = new NexiosApp({ auth: { jwt: { secret: "a secret of thirty-two bytes at least" } }, load: calm, clock });
  app.get("/page", (c) => c.html("<!doctype html><title>Clock</title>"));
  app.get("/src/{folder}/{file}", async (c) => {
    const source = await readFile(join(sources, c.req.param("folder"), c.req.param("file")), "utf8");
    return c.body(stripTypeScriptTypes(source), 200, { "content-type": "text/javascript" });
  });
  app.add(lobby.serve({ authorize: () => true, input: { say: { unchecked: true } }, decide: { say: (_state, said) => accept(said) } }));
});

afterEach(() => app.stop({ deadlineMs: 200 }));
afterAll(() => browser.close());

/** A page with a client that has its first exchanges behind it, and a wait until it has had another burst of them. */
async function openPage(): Promise<{ readonly page: Page; readonly resynced: () => Promise<void> }> {
  const { port } = await app.listen({ port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const { page } = await openPerson(browser);
  const answers = countAnswers(page);
  await page.goto(`${url}/page`);
  const token = await app.tokens.issue({ sub: "ann" }, { expiresInSeconds: 3_600 });
  await page.evaluate(`(async () => {
    const { createClient } = await import("/src/client/index.ts");
    const wall = Date.now.bind(Date);
    window.aheadMs = ${aheadMs};
    window.client = createClient({ token: () => "${token}" });
    window.frame = () => new Promise(requestAnimationFrame);
    window.setWall = (byMs) => { Date.now = () => wall() + byMs; };
    window.read = () => {
      const now = client.clock.now();
      return { now, error: now - wall() - 0.5 - aheadMs, bound: client.clock.bound() };
    };
  })()`);
  await answers.reach(burst);
  return { page, resynced: () => answers.reach(2 * burst) };
}

/** The server's answers to pings. */
function countAnswers(page: Page): { reach(count: number): Promise<void> } {
  const watchers = new Set<() => void>();
  let answers = 0;
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (!String(payload).startsWith('{"t":"t"')) return;
      answers++;
      for (const watcher of watchers) watcher();
    }),
  );
  return {
    reach: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (answers >= count) resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}

/** What the page shows in so many of its next frames. */
function readings(page: Page, frames: number): Promise<readonly Reading[]> {
  return page.evaluate(`(async () => {
    const readings = [];
    while (readings.length < ${frames}) {
      await frame();
      readings.push(read());
    }
    return readings;
  })()`);
}

/** What was further off than its bound. */
function untrue(shown: readonly Reading[]): readonly Reading[] {
  return shown.filter(({ error, bound }) => Math.abs(error) > bound + readingMs);
}

test("a page shows the server's time within its bound, and never goes back", async () => {
  const { page } = await openPage();

  const shown = await readings(page, 120);

  expect(untrue(shown)).toEqual([]);
  expect(shown.map(({ now }) => now)).toEqual(shown.map(({ now }) => now).toSorted((a, b) => a - b));
});

test("a page whose wall clock is set by 37 s shows the server's time still", async () => {
  const { page, resynced } = await openPage();

  await page.evaluate("setWall(37_000)");
  await resynced();

  expect(untrue(await readings(page, 60))).toEqual([]);
});

test("a page that wakes after five minutes in which its monotonic clock stood still shows the server's time again", async () => {
  const { page, resynced } = await openPage();

  sleptMs = 300_000;
  await page.evaluate("aheadMs += 300_000; setWall(300_000)");
  await resynced();

  expect(untrue(await readings(page, 60))).toEqual([]);
});
