import { Documents } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { goTo } from "./auction-page.ts";
import { type House, openHouse } from "./house.ts";
import { lookAt } from "./look.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

// One text of the catalogue, open before two people: one at a desk, one with a phone in the dark.

let browser: Browser;
let house: House;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  [ann, bob] = await Promise.all([openPerson(browser), openPerson(browser, { width: 390, colorScheme: "dark" })]);
  await comeIn(ann, house.url, { path: "/desk", name: "Ann" });
  await comeIn(bob, house.url, { path: "/desk", name: "Bob" });
  for (const person of [ann, bob]) {
    await goTo(person, house, "/desk/foreword", "Foreword");
    await person.page.locator("output", { hasText: "Saved" }).waitFor();
  }
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

async function write({ page }: Person, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Text", exact: true }).click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(text);
}

test("what one writes the other sees, with his name at his caret and in the list of who is here; it is stored, and taken back by a button", async () => {
  const documents = new Documents(house.app);
  const before = await documents.text("foreword");

  await write(ann, " Welcome.");
  await bob.page.getByText("Welcome.").waitFor();
  await bob.page.locator(".nexios-caret-name", { hasText: "Ann" }).waitFor({ state: "attached" });
  await bob.page.locator(".document-people", { hasText: "Ann" }).waitFor();
  await ann.page.locator("output", { hasText: "Saved" }).waitFor();
  const written = await documents.text("foreword");
  const findings = [...(await lookAt(ann, "document")), ...(await lookAt(bob, "document"))];
  await ann.page.getByRole("button", { name: "Undo" }).click();
  await vi.waitFor(async () => expect(await documents.text("foreword")).toBe(before), { timeout: 10_000 });

  expect(written).toBe(`${before} Welcome.`);
  expect(findings).toEqual([]);
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});
