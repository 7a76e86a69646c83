import { systemClock } from "nexios";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

const tokenMs = 900_000;
/** A page renews its token a while before it ends: one that lives no longer is renewed after half of its time. */
const shortSeconds = 8;
let browser: Browser;
let house: House | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(() => house?.close());
afterAll(() => browser.close());

/** Takes down what goes over the connections of a page, and gives the first frame that matches. */
function listen({ page }: Person) {
  const log: string[] = [];
  const watchers = new Set<() => void>();
  let sockets = 0;
  const take = ({ payload }: { readonly payload: string | Buffer }): void => {
    log.push(String(payload));
    for (const watcher of watchers) watcher();
  };
  page.on("websocket", (socket) => {
    if (!socket.url().endsWith("/realtime")) return;
    sockets++;
    socket.on("framesent", take);
    socket.on("framereceived", take);
  });
  return {
    get sockets() {
      return sockets;
    },
    first: (form: RegExp) =>
      new Promise<RegExpExecArray>((resolve) => {
        const look = (): void => {
          const found = log.map((text) => form.exec(text)).find((match) => match !== null);
          if (found != null) resolve(found);
        };
        watchers.add(look);
        look();
      }),
  };
}

/** Has the house give tokens that end soon, by the page's clock too. */
async function shortenTokens({ page }: Person, { app }: House): Promise<void> {
  await page.route("**/api/session", async (route) => {
    const answer = await route.fetch();
    const session = (await answer.json()) as { readonly user: { readonly id: string; readonly name: string } };
    const token = await app.tokens.issue({ sub: session.user.id, name: session.user.name }, { expiresInSeconds: shortSeconds });
    await route.fulfill({ response: answer, json: { ...session, token, expiresAt: Date.now() + shortSeconds * 1_000 } });
  });
}

test("a token is renewed on the open line: same socket, same person, and the page stays live", async () => {
  house = await openHouse();
  const ann = await openPerson(browser);
  const line = listen(ann);
  await shortenTokens(ann, house);
  await comeIn(ann, house.url);
  await waitForState(ann, "live");
  await ann.page.evaluate(`new MutationObserver((changes) => {
    for (const { target } of changes) if (target.matches(".pill")) (window.states ??= []).push(target.dataset.state);
  }).observe(document, { subtree: true, attributeFilter: ["data-state"] })`);
  const identity = (): Promise<Record<string, unknown>> => ann.page.evaluate("JSON.parse(sessionStorage['saleroom.identity'])");
  const before = await identity();

  const [, sent] = await line.first(/"t":"k"[^}]*"token":"([^"]+)"/);
  await line.first(/"t":"k"[^}]*"expiresInMs"/);

  const after = await identity();
  expect(after["userId"]).toBe(before["userId"]);
  expect(after["token"]).toBe(sent);
  expect(after["token"]).not.toBe(before["token"]);
  expect(line.sockets).toBe(1);
  expect(await ann.page.evaluate("window.states")).toBeUndefined();
  expect(ann.complaints).toEqual([]);
});

test("a token that ran out while the device slept is replaced, and the line comes back by itself", async () => {
  let sleptMs = 0;
  house = await openHouse({ clock: { ...systemClock, now: () => Date.now() + sleptMs } });
  const ann = await openPerson(browser);
  await comeIn(ann, house.url);
  await waitForState(ann, "live");
  const token = (): Promise<string> => ann.page.evaluate("JSON.parse(sessionStorage['saleroom.identity']).token");
  const before = await token();

  sleptMs = tokenMs + 1_000;
  await ann.page.clock.setSystemTime(Date.now() + sleptMs);
  const renewed = ann.page.waitForResponse((response) => response.url().endsWith("/api/session") && response.ok());
  ann.expectOutage();
  house.network.cut();
  house.network.mend();
  await renewed;
  await waitForState(ann, "live");

  expect(await token()).not.toBe(before);
  expect(ann.complaints).toEqual([]);
});
