import { alertsRoom } from "nexios/alerts";
import { dashboardRoom } from "nexios/dashboard";
import { inboxRoom } from "nexios/notifications";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { houseName } from "../../demo/rooms/house.ts";
import { breakProbe } from "./control-page.ts";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

let browser: Browser;
let house: House;
let ann: Person;
let bob: Person;
let mend = (): void => undefined;

beforeAll(async () => {
  browser = await launchBrowser();
  house = await openHouse();
  [ann, bob] = await Promise.all([openPerson(browser), openPerson(browser)]);
  await comeIn(ann, house.url, { name: "Ann" });
  await comeIn(bob, house.url, { name: "Bob", colour: "Teal" });
  await Promise.all([ann, bob].map((person) => waitForState(person, "live")));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
  const complaints = [...ann.complaints, ...bob.complaints];
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

function userIdOf({ page }: Person): Promise<string> {
  return page.evaluate<string>("JSON.parse(sessionStorage['saleroom.identity']).userId");
}

/** How old the page says that its numbers are, in seconds. */
async function ageOf({ page }: Person): Promise<number> {
  return Number.parseFloat(await page.locator(".pill-age").innerText());
}

test("single keys hold the numbers, choose the window, go to the filter and list themselves", async () => {
  const { page } = ann;
  const shownWindow = (): Promise<string> => page.locator(".windows input:checked + span").innerText();
  await page.keyboard.press("p");
  await waitForState(ann, "paused");
  await page.keyboard.press("p");
  await waitForState(ann, "live");

  const windows: string[] = [];
  for (const keys of [["1"], ["5"], ["1", "5"], ["h"], ["d"], ["5"]]) {
    for (const key of keys) await page.keyboard.press(key);
    windows.push(await shownWindow());
    // Two keys are one only if they come right behind each other.
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("/");
  await page.keyboard.type("heap");
  const filtered = await page.locator(".chart h3").allInnerTexts();
  await page.keyboard.press("Escape");
  await page.locator(".chart").nth(9).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });

  expect(windows).toEqual(["1 m", "5 m", "15 m", "1 h", "1 d", "5 m"]);
  expect(filtered).toEqual(["Memory"]);
});

test("single keys can be switched off, for this browser, and arrows go on", async () => {
  const { page } = ann;
  await waitForState(ann, "live");
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByLabel("Single keys do something").uncheck();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.keyboard.press("p");
  await page.keyboard.press("ArrowLeft");
  await page.locator(".plot-cursor").first().waitFor();
  const state = await page.locator(".pill").getAttribute("data-state");
  await page.keyboard.press("Escape");
  await page.reload();
  await waitForState(ann, "live");
  await page.getByRole("button", { name: "Keys" }).click();
  const isKept = !(await page.getByLabel("Single keys do something").isChecked());
  await page.getByLabel("Single keys do something").check();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

  expect([state, isKept]).toEqual(["live", true]);
});

test("the cursor is one for all charts: each says what it was then", async () => {
  const { page } = ann;
  await page.locator("[data-chart=requests] .plot-area").hover({ position: { x: 300, y: 40 } });

  await expect.poll(() => page.locator(".plot-cursor").count()).toBe(await page.locator(".chart").count());
  const heads = await page.locator(".chart-head .note").allInnerTexts();
  await page.mouse.move(0, 0);

  expect(new Set(heads).size).toBe(1);
  expect(heads[0]).toMatch(/^\d\d:\d\d:\d\d$/);
});

test("an alert that one acknowledges is seen as taken by the other, and whoever asked for it is told in the inbox", async () => {
  await bob.page.getByRole("button", { name: "Tell me in my inbox" }).click();
  await bob.page.locator(".follow-alerts[aria-pressed=true]").waitFor();
  mend = breakProbe(house);
  await Promise.all([ann, bob].map(({ page }) => page.locator(".alert[data-phase=firing]").waitFor()));
  await bob.page.locator(".hidden[aria-live=polite]", { hasText: "Firing: A probe fails: till." }).waitFor({ state: "attached" });

  await ann.page.keyboard.press("a");
  const focused = await ann.page.evaluate("document.activeElement.className");
  await ann.page.keyboard.press("Enter");
  await Promise.all([ann, bob].map(({ page }) => page.locator(".alert").getByText("Ann is on it").waitFor()));

  expect(focused).toBe("alert");
  const userId = await userIdOf(bob);
  await expect
    .poll(async () => (await house.app.room(inboxRoom, { userId }).state()).items.map(({ category }) => category), { timeout: 20_000 })
    .toEqual(["alert"]);
  await bob.page.getByRole("button", { name: /^Notifications: 1 new/ }).waitFor();
});

test("a silence says who, why and until when on every page, and can be lifted", async () => {
  await ann.page.getByRole("button", { name: /^Silence ?: A probe fails: till$/ }).click();
  await ann.page.getByLabel("Why").fill("The till is being moved");
  await ann.page.getByRole("radio", { name: "15 min" }).check({ force: true });
  await ann.page.keyboard.press("Enter");
  await ann.page.getByRole("dialog").waitFor({ state: "detached" });
  await bob.page.locator(".silences", { hasText: "The till is being moved by Ann" }).waitFor();
  await bob.page.locator(".alert").getByText("silenced").waitFor();
  const [silence] = (await house.app.room(alertsRoom, { name: houseName }).state()).silences;

  await bob.page.getByRole("button", { name: "Lift" }).click();
  await ann.page.locator(".silences").waitFor({ state: "detached" });

  expect(silence).toMatchObject({ why: "The till is being moved", by: { name: "Ann" } });
});

test("what has ended is spoken, and the list says that nothing fires", async () => {
  mend();

  await bob.page.locator(".hidden[aria-live=polite]", { hasText: "Resolved: A probe fails: till." }).waitFor({ state: "attached" });
  await Promise.all([ann, bob].map(({ page }) => page.getByText("Nothing fires.").waitFor()));

  await expect.poll(() => ann.page.locator(".verdict").innerText(), { timeout: 10_000 }).toBe("All systems normal");
});

test("the live list stands still while somebody looks into it", async () => {
  const { page } = ann;
  await page.locator(".live").scrollIntoViewIfNeeded();
  await page.locator(".live").hover();
  await page.getByText("held while you look").waitFor();
  const before = await page.locator(".live li").first().innerText();
  await fetch(`${house.url}/activity`, { method: "POST", body: JSON.stringify({ events: [{ id: crypto.randomUUID(), type: "search", visitor: "x" }] }) });
  await bob.page.locator(".live li").first().getByText("search").waitFor();

  expect(await page.locator(".live li").first().innerText()).toBe(before);
  await page.mouse.move(0, 0);
  await page.locator(".live li").first().getByText("search").waitFor();
});

test("when the server stops the age grows, the page is stale and then says that the line is cut; afterwards the past is there again, with the outage as a gap", async () => {
  for (const person of [ann, bob]) person.expectOutage();
  house.network.hold();
  await waitForState(ann, "stale");
  const first = await ageOf(ann);
  await expect.poll(() => ageOf(ann), { timeout: 10_000 }).toBeGreaterThan(first + 1);
  house.network.release();
  await waitForState(ann, "live");

  // Its windows are kept when it stops.
  await house.stop();
  await waitForState(ann, "disconnected");
  await ann.page.locator(".nexios-banner[data-kind]").waitFor();
  const atStop = await ageOf(ann);
  await expect.poll(() => ageOf(ann), { timeout: 10_000 }).toBeGreaterThan(atStop + 1);
  await house.restart();
  await ann.page.evaluate("dispatchEvent(new Event('online'))");
  await waitForState(ann, "live");
  for (const person of [ann, bob]) person.endOutage();

  const { columns } = await house.app.room(dashboardRoom, { name: houseName, pace: "1" }).state();
  const heap = columns.find(({ metric, goneAt }) => metric === "nexios_memory_heap" && goneAt === undefined)?.values ?? [];
  const said = heap.map((value) => (value === null ? "-" : "x")).join("");
  expect(said).toMatch(/x{5,}-{1,}x+$/);
});
