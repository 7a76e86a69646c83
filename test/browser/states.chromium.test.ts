import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";
import { walkOf } from "./walk.ts";

// One walk through all states: each needs the one before it, and what has jumped or was complained about is counted over all of them.

const widths = [1280, 390];
let browser: Browser;
let house: House;
let people: Person[];

beforeAll(async () => {
  browser = await launchBrowser();
  house = await openHouse();
  people = await Promise.all(widths.map((width) => openPerson(browser, { width })));
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { all, lookAtAll } = walkOf(() => people);

test("the first screen, with and without an answer of the server", async () => {
  await all(({ page }) => page.goto(house.url));
  expect(await lookAtAll("first run")).toEqual([]);

  for (const person of people) person.expectOutage();
  house.network.cut();
  await all(({ page }) => page.getByRole("button", { name: "Enter the Saleroom" }).click());
  await all(({ page }) => page.getByText("No answer from the server").waitFor());
  expect(await lookAtAll("first run without a server")).toEqual([]);
  house.network.mend();
  for (const person of people) person.endOutage();
});

test("the page about the house, the menu and an address that no room has", async () => {
  await all(async (person) => {
    const { page } = person;
    await comeIn(person, house.url);
    await page.getByRole("link", { name: "Saleroom" }).click();
    await page.getByRole("link", { name: "About the house" }).click();
    await page.getByRole("heading", { name: "About the house" }).waitFor();
  });
  expect(await lookAtAll("about")).toEqual([]);

  await all(async ({ page }) => {
    await page.locator(".person-button").click();
    await page.getByText("Opens a new tab").first().waitFor();
  });
  expect(await lookAtAll("menu")).toEqual([]);

  // The browser says itself that the page's status is 404.
  for (const person of people) person.complaints.length = 0;
  await all(async ({ page, complaints }) => {
    await page.goto(`${house.url}/nowhere`);
    await page.getByRole("heading", { name: "No such room" }).waitFor();
    expect(complaints.splice(0).every((complaint) => complaint.includes("404"))).toBe(true);
  });
  expect(await lookAtAll("missing")).toEqual([]);
});
