import { systemClock } from "nexios";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

const tokenMs = 900_000;
let browser: Browser;
let house: House | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterEach(() => house?.close());
afterAll(() => browser.close());

/** Takes down what goes over the sockets of the control room, and gives the first message that matches. */
function listen({ page }: Person) {
  const log: string[] = [];
  const watchers = new Set<() => void>();
  let sockets = 0;
  const take = ({ payload }: { readonly payload: string | Buffer }): void => {
    log.push(String(payload));
    for (const watcher of watchers) watcher();
  };
  page.on("websocket", (socket) => {
    if (!socket.url().endsWith("/live/control")) return;
    sockets++;
    socket.on("framesent", take);
    socket.on("framereceived", take);
  });
  return {
    get sockets() {
      return sockets;
    },
    first: (start: string) =>
      new Promise<string>((resolve) => {
        const look = (): void => {
          const found = log.find((text) => text.startsWith(start));
          if (found !== undefined) resolve(found);
        };
        watchers.add(look);
        look();
      }),
  };
}

test("a token is renewed on the open line: same socket, same person, and the page stays live", async () => {
  // A server whose tokens, by the browser's clock, end in little more than a minute.
  house = await openHouse({ clock: { ...systemClock, now: () => Date.now() - tokenMs + 61_500 } });
  const ann = await openPerson(browser);
  const line = listen(ann);
  await comeIn(ann, house.url);
  await waitForState(ann, "live");
  await ann.page.evaluate(`new MutationObserver((changes) => {
    for (const { target } of changes) if (target.matches(".pill")) (window.states ??= []).push(target.dataset.state);
  }).observe(document, { subtree: true, attributeFilter: ["data-state"] })`);
  const identity = (): Promise<Record<string, unknown>> => ann.page.evaluate("JSON.parse(sessionStorage['saleroom.identity'])");
  const before = await identity();

  const sent = JSON.parse(await line.first('{"type":"renew"')) as { token: string };
  await line.first('{"type":"renewed"}');

  const after = await identity();
  expect(after["userId"]).toBe(before["userId"]);
  expect(after["token"]).toBe(sent.token);
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
  for (const channel of house.app.channels.members("control")) channel.close(4501, "the token ran out");
  await renewed;
  await waitForState(ann, "live");

  expect(await token()).not.toBe(before);
  expect(ann.complaints).toEqual([]);
});
