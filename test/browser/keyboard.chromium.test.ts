import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

let browser: Browser;
let house: House;
let ann: Person;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  house = await openHouse();
  ann = await openPerson(browser);
  page = ann.page;
});

afterAll(async () => {
  await browser.close();
  await house.close();
  if (ann.complaints.length > 0) throw new Error(`The browser complained:\n${ann.complaints.join("\n")}`);
});

/** What has the focus. */
function focused(script = "textContent"): Promise<string> {
  return page.evaluate<string>(`document.activeElement.${script}`);
}

/** Goes on with the Tab key until the focus is there; fails after a whole round. */
async function tabTo(selector: string): Promise<void> {
  for (let step = 0; step < 90; step++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`The Tab key never reaches ${selector}`);
}

test("one comes in with the keyboard alone", async () => {
  await page.goto(house.url);
  await page.getByLabel("Your name").waitFor();

  await tabTo("form > input");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("Ann");
  await page.keyboard.press("Enter");

  await page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();
  expect(await focused("tagName")).toBe("H1");
});

test("the first Tab finds the skip link, and it leads past the header", async () => {
  await page.reload();
  await page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();

  await page.keyboard.press("Tab");
  const first = await focused();
  await page.keyboard.press("Enter");
  const target = await focused("id");
  await page.keyboard.press("Tab");

  expect([first, target]).toEqual(["Skip to the content", "content"]);
  expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
});

test("the navigation leads to a room, whose heading then has the focus", async () => {
  await page.reload();
  await page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();

  await tabTo('nav a[href="/control"]');
  await page.keyboard.press("Enter");
  await waitForState(ann, "live");

  expect(await focused()).toBe("Control room");
  expect(await focused("tagName")).toBe("H1");
});

test("the theme is chosen with arrow keys, kept, and Escape gives the focus back", async () => {
  await page.evaluate("document.activeElement.blur()");
  await tabTo(".person-button");
  await page.keyboard.press("Enter");
  await tabTo(".segments input");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  const theme = await page.evaluate("document.documentElement.dataset.theme");
  await page.keyboard.press("Escape");

  expect(theme).toBe("dark");
  expect(await page.evaluate("document.activeElement.matches('.person-button')")).toBe(true);
  await page.reload();
  await waitForState(ann, "live");
  expect(await page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe("dark");
});

test("pause and resume are one button under the same focus", async () => {
  await tabTo(".pause");
  await page.keyboard.press("Enter");
  await waitForState(ann, "paused");
  await page.keyboard.press("Space");
  await waitForState(ann, "live");

  expect(await focused("className")).toContain("pause");
});

test("arrow keys go through the steps of all charts at once, and Escape leaves them", async () => {
  await tabTo(".plot-area input");
  const before = await focused("getAttribute('aria-valuetext')");
  const goBack = async (): Promise<readonly [newest: string, earlier: string]> => {
    await page.keyboard.press("End");
    const last = await focused("getAttribute('aria-valuetext')");
    await page.keyboard.press("ArrowLeft");
    return [last, await focused("getAttribute('aria-valuetext')")];
  };
  // Where nothing has been measured but one step, both stand on it.
  let [newest, earlier] = await goBack();
  for (let tries = 0; tries < 50 && earlier === newest; tries++) {
    await page.waitForTimeout(100);
    [newest, earlier] = await goBack();
  }
  const cursors = await page.locator(".plot-cursor").count();
  await page.keyboard.press("Escape");

  expect(before).toBe("last 5 minutes");
  expect(newest).toMatch(/^\d\d:\d\d:\d\d: 2xx (\d+(\.\d)?\/s|–), /);
  expect(earlier).toMatch(/^\d\d:\d\d:\d\d: /);
  expect(earlier.slice(0, 8)).not.toBe(newest.slice(0, 8));
  expect(cursors).toBe(await page.locator(".chart").count());
  expect(await focused("getAttribute('aria-valuetext')")).toBe("last 5 minutes");
});

test("the table twin opens with Enter and says what the chart says", async () => {
  await tabTo("summary");
  await page.keyboard.press("Enter");

  await page.getByRole("table", { name: "Requests per second" }).waitFor();
  expect(await page.getByRole("row").count()).toBeGreaterThanOrEqual(2);
});

test("a lost line is tried again at once from the keyboard", async () => {
  ann.expectOutage();
  house.network.cut();
  await waitForState(ann, "disconnected");
  await page.locator(".nexios-banner-action").waitFor();
  await page.evaluate("document.activeElement.blur()");

  await tabTo(".nexios-banner-action");
  house.network.mend();
  await page.keyboard.press("Enter");

  await waitForState(ann, "live");
  expect(house.app.connectionCount).toBe(1);
  ann.endOutage();
});
