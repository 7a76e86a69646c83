import { auction } from "nexios/auction";
import { documentRoom } from "nexios/collab";
import { Documents } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { englishTerms, goTo, listLot } from "./auction-page.ts";
import { openText, waitForText } from "./document-page.ts";
import { type House, openHouse } from "./house.ts";
import { lookAt } from "./look.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";
import { walkOf } from "./walk.ts";

// The catalogue's texts as a list, and a lot's on its page, on a desk and on a phone.

let browser: Browser;
let house: House;
let people: Person[];

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  people = await Promise.all([1280, 390].map((width) => openPerson(browser, { width })));
  // Below the test's own, so that a failure says what it has waited for.
  for (const { page } of people) page.setDefaultTimeout(15_000);
  await all((person) => comeIn(person, house.url, { path: "/", name: "Ann" }));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { all, lookAtAll } = walkOf(() => people);

test("the list has the foreword first, and a lot's text as soon as the lot is listed", async () => {
  await all((person) => goTo(person, house, "/desk", "The catalogue"));
  await listLot(house, "house-1", englishTerms(1, "Marine chronometer, two days"));
  await listLot(house, "house-2", englishTerms(2, "Album of pressed ferns"));
  await all(({ page }) => page.getByRole("link", { name: "Album of pressed ferns" }).waitFor());

  await all(({ page }) => page.reload());
  await all(({ page }) => page.getByRole("link", { name: "Album of pressed ferns" }).waitFor());

  expect(await people[0]?.page.locator(".text-row h2").allInnerTexts()).toEqual(["Foreword", "Marine chronometer, two days", "Album of pressed ferns"]);
  expect(await lookAtAll("desk")).toEqual([]);
});

test("an edit shows in everybody's list: how long the text is, and who has written", async () => {
  const documents = new Documents(house.app);

  await documents.edit("house-1", (text) => text.insert(text.length, " Runs."), { user: { id: "bob", name: "Bob" } });

  await all(({ page }) => page.locator(".text-row", { hasText: "Marine chronometer" }).getByText("edited just now by Bob").waitFor());
  await all(({ page }) => page.locator(".text-row", { hasText: "Marine chronometer" }).getByText("26 characters").waitFor());

  expect(await lookAtAll("desk edited")).toEqual([]);
});

test("a lot that is over stays where it is, is marked as only read, and stands at the end when the list is opened again", async () => {
  await house.app.room(auction, { lotId: "house-1" }).call("pass");

  await all(({ page }) => page.locator(".text-row:nth-child(2)", { hasText: "Marine chronometer" }).getByText("Read only").waitFor());
  expect(await lookAtAll("desk read only")).toEqual([]);
  await all(({ page }) => page.reload());

  await all(({ page }) => page.getByText("Read only").waitFor());
  const lists = await Promise.all(people.map(({ page }) => page.locator(".text-row h2").allInnerTexts()));
  expect(lists).toEqual(people.map(() => ["Foreword", "Album of pressed ferns", "Marine chronometer, two days"]));
});

test("a lot's page shows what is written of it at the desk, as it is written; nothing moves, and what does not fit is shown when it is asked for", async () => {
  const documents = new Documents(house.app);
  await all((person) => goTo(person, house, "/lots/house-2", "Album of pressed ferns"));
  await all(({ page }) => page.getByRole("link", { name: "Edit at the desk" }).waitFor());

  await documents.edit("house-2", (text) => text.insert(text.length, " Forty-two leaves."), { user: { id: "bob", name: "Bob" } });
  await all(({ page }) => page.getByText("Sound, and complete. Forty-two leaves.").waitFor());

  expect(await lookAtAll("lot written")).toEqual([]);

  await documents.edit("house-2", (text) => text.insert(text.length, " Each of them is named in one hand.".repeat(20)), { user: { id: "bob", name: "Bob" } });
  await all(({ page }) => page.getByRole("button", { name: "Show all" }).waitFor());
  expect(await lookAtAll("lot cut")).toEqual([]);
  await all(({ page }) => page.getByRole("button", { name: "Show all" }).click());
  await all(({ page }) => page.getByRole("button", { name: "Show less" }).waitFor());

  const fits = "(() => { const about = document.querySelector('.lot-about'); return about.scrollHeight <= about.clientHeight + 1; })()";
  expect(await Promise.all(people.map(({ page }) => page.evaluate(fits)))).toEqual([true, true]);
});

test("where a window is made narrower, what does not fit any more is shown when it is asked for", async () => {
  const documents = new Documents(house.app);
  const { page } = people[0]!;
  const wide = page.viewportSize()!;
  await documents.edit("house-2", (text) => {
    text.delete(0, text.length);
    text.insert(0, `Sound, and complete. ${"Each of them is named in one hand. ".repeat(5)}`);
  });
  await goTo(people[0]!, house, "/lots/house-2", "Album of pressed ferns");
  await page.getByRole("link", { name: "Edit at the desk" }).waitFor();
  expect(await page.getByRole("button", { name: "Show all" }).count()).toBe(0);

  await page.setViewportSize({ ...wide, width: 320 });
  await page.getByRole("button", { name: "Show all" }).waitFor();
  await page.setViewportSize(wide);
  await page.getByRole("button", { name: "Show all" }).waitFor({ state: "detached" });
});

test("who writes at the desk is named on the lot's page, and what he writes stands there; looking takes no client id", async () => {
  const [ann, bob] = [people[0]!, people[1]!];
  const before = (await house.app.room(documentRoom, { id: "house-2" }).state()).count;
  await goTo(ann, house, "/lots/house-2", "Album of pressed ferns");
  await ann.page.getByRole("link", { name: "Edit at the desk" }).waitFor();
  expect((await house.app.room(documentRoom, { id: "house-2" }).state()).count).toBe(before);
  await goTo(bob, house, "/desk/house-2", "Album of pressed ferns");

  await bob.page.getByRole("textbox", { name: "Text", exact: true }).click();
  await bob.page.keyboard.press("Control+Home");
  await bob.page.keyboard.type("Green. ");

  await ann.page.getByText("Green. Sound, and complete.").waitFor();
  await ann.page.locator(".lot-about-bar", { hasText: "Being written by" }).waitFor();
  expect(await lookAt(ann, "lot being written")).toEqual([]);
});

test("of a lot that is over the text is only read", async () => {
  await all((person) => goTo(person, house, "/lots/house-1", "Marine chronometer, two days"));

  await all(({ page }) => page.getByRole("link", { name: "Read at the desk" }).waitFor());

  expect(await lookAtAll("lot over")).toEqual([]);
});

test("at the desk the text of a lot that is over says why it is only read, also without a connection", async () => {
  await all((person) => openText(person, house, "house-1", "Marine chronometer, two days", "read-only"));
  const why = "Its lot is over: what was sold is not described anew.";
  await all(({ page }) => page.getByText(why).waitFor());
  const spoken = await people[0]!.page.locator(".document-bar output").innerText();
  for (const person of people) person.expectOutage();
  house.network.cut();

  await all((person) => waitForText(person, "offline"));

  await all(({ page }) => page.getByText("Offline, read only").waitFor());
  await all(({ page }) => page.getByText(why).waitFor());
  expect(spoken).toBe("The text is open, to be read.");
  expect(await people[0]!.page.locator(".document-bar output").innerText()).toBe("No connection. What you read may be old.");
  expect(await lookAtAll("document over offline")).toEqual([]);
  house.network.mend();
  await all((person) => waitForText(person, "read-only"));
});
