import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fieldOf, fillTalk, linesOf, sayAs, waitForLine } from "./chat-page.ts";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";
import { walkOf } from "./walk.ts";

// One walk through all states of what stands on every page and of the chat, on a desk and on a phone: what has jumped or was complained about is counted over all of them.

const widths = [1280, 390];
const bob = { id: "bob", name: "Bob" };
let browser: Browser;
let house: House;
let people: Person[];

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  people = await Promise.all(widths.map((width) => openPerson(browser, { width })));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { all, lookAtAll } = walkOf(() => people);

/** Types like a person: what moves because of that is no surprise to them. */
async function type(person: Person, text: string): Promise<void> {
  await fieldOf(person).focus();
  await person.page.keyboard.type(text);
  await person.page.keyboard.press("Enter");
}

test("empty: the chat says what would fill it", async () => {
  await all((person) => comeIn(person, house.url, { path: "/chat", name: person === people[0] ? "Ann Lee" : "Cem" }));
  await all((person) => waitForLine(person, "live"));
  await all(({ page }) => page.getByText("Nobody has said anything yet").waitFor());
  await all(({ page }) => page.getByText("2 here").waitFor());

  expect(await lookAtAll("chat empty")).toEqual([]);
});

test("live: lines of several people, long ones and short ones", async () => {
  await sayAs(house, bob, "Good evening. Is the Meissen lot still in the catalogue?");
  await sayAs(house, bob, "And at what time does it close?");
  await sayAs(house, { id: "eve", name: "Eve with a name that is longer than it should be" }, `A line without any space: ${"long".repeat(30)}`);
  for (const person of people) await type(person, `Until nine, says ${person === people[0] ? "Ann" : "Cem"}.`);
  await all((person) => linesOf(person, "says Cem").waitFor());

  expect(await lookAtAll("chat live")).toEqual([]);
});

test("refused: the reason stands beside the field", async () => {
  await all((person) => type(person, ""));
  await all(({ page }) => page.getByText("Write something first.").waitFor());

  expect(await lookAtAll("chat refused")).toEqual([]);
});

test("people: the list stands open", async () => {
  await all(async ({ page }) => {
    await page.locator(".people-button").click();
    await page.locator(".people .people-list").waitFor();
  });
  expect(await lookAtAll("people")).toEqual([]);

  await all(({ page }) => page.keyboard.press("Escape"));
});

test("reconnecting: what was said stays, what is said waits, and the banner says when it goes on", async () => {
  for (const person of people) person.expectOutage();
  house.network.cut();
  for (const person of people) await type(person, "Can anybody hear me?");
  await all(({ page }) => page.getByText("1 line waits for the connection").waitFor());
  await all((person) => waitForLine(person, "reconnecting"));
  await all(({ page }) => page.locator(".nexios-banner[data-kind=reconnecting]").waitFor());

  expect(await lookAtAll("chat reconnecting")).toEqual([]);
});

test("offline: a device without a network says so, and what waits is sent when it is back", async () => {
  await all(async (person) => {
    await person.context.setOffline(true);
    await person.page.getByRole("button", { name: "Try now" }).click();
    await waitForLine(person, "offline");
  });
  expect(await lookAtAll("chat offline")).toEqual([]);

  house.network.mend();
  await all(({ context }) => context.setOffline(false));
  await all((person) => waitForLine(person, "live"));
  await all((person) => linesOf(person, "Can anybody hear me?").nth(1).waitFor());
  for (const person of people) person.endOutage();
});

test("caught up: a mark stands where one had left, on a page that is not moved by it", async () => {
  await fillTalk(house, 30);
  await all((person) => linesOf(person, "Line 30 of").waitFor());
  for (const person of people) {
    // The lines that waited stood below what came before them: they had to move.
    await person.page.evaluate("witness.shift = 0; witness.moved = []");
    person.expectOutage();
  }
  house.network.cut();
  await all((person) => waitForLine(person, "reconnecting"));
  for (const text of ["one", "two", "three"]) await sayAs(house, bob, `Meanwhile: ${text}`);
  house.network.mend();
  await all(({ page }) => page.evaluate("dispatchEvent(new Event('online'))"));
  await all(({ page }) => page.getByText("3 lines while you were away").waitFor());
  await all((person) => waitForLine(person, "live"));
  for (const person of people) person.endOutage();

  expect(await lookAtAll("chat caught up")).toEqual([]);
});

/** The person says as many lines elsewhere as one may in ten seconds; more than these are not taken. */
async function beTooFast({ page }: Person): Promise<void> {
  const { userId }: { userId: string } = await page.evaluate("JSON.parse(sessionStorage['saleroom.identity'])");
  await Promise.all(Array.from({ length: 20 }, (_, index) => sayAs(house, { id: userId, name: "Ann and Cem" }, `Fast: ${index + 1}`)));
}

test("returned: what was not taken stands among the lines while something else is being written", async () => {
  for (const person of people) person.expectOutage();
  house.network.cut();
  for (const person of people) {
    await type(person, "One line too many");
    await person.page.keyboard.type("Something else");
  }
  await all(beTooFast);
  house.network.mend();
  await all(async (person) => {
    const { page } = person;
    await page.evaluate("dispatchEvent(new Event('online'))");
    const returned = page.getByText("1 line was not taken");
    // However long the way back takes: who is too fast is so for ten seconds.
    for (let isBack = false; !isBack; isBack = await returned.isVisible()) {
      await beTooFast(person);
      await returned.waitFor({ timeout: 2_000 }).catch(() => undefined);
    }
    await page.getByRole("button", { name: /new lines$/ }).click();
    await page.getByText("That was 20 lines within 10 seconds").waitFor();
    // What waited stood below what came before it.
    await page.evaluate("witness.shift = 0; witness.moved = []");
  });
  await all((person) => waitForLine(person, "live"));
  for (const person of people) person.endOutage();
  expect(await lookAtAll("chat returned")).toEqual([]);

  await all(async (person) => {
    await person.page.getByRole("button", { name: "Change it" }).click();
    expect(await fieldOf(person).inputValue()).toBe("One line too many");
    await fieldOf(person).fill("");
  });
});

test("trouble: the panel before and after something was broken", async () => {
  await all(async ({ page }) => {
    await page.getByRole("button", { name: "Trouble" }).click();
    await page.getByText("only where npm start watches over it").waitFor();
  });
  expect(await lookAtAll("trouble")).toEqual([]);

  for (const { page } of people) {
    await page.getByRole("button", { name: "Lose a message" }).click();
    await page.getByText("nothing: 2 of 2").waitFor();
  }
  expect(await lookAtAll("trouble healed")).toEqual([]);

  for (const person of people) person.expectOutage();
  await all(async ({ page }) => {
    await page.getByRole("button", { name: "Cut my line" }).click();
    await page.getByText(/^Your line stays cut for/).waitFor();
  });
  expect(await lookAtAll("trouble cut")).toEqual([]);
});

test("the other pages bear the same header, banner and corner", async () => {
  await all(async (person) => {
    await waitForLine(person, "reconnecting");
    await person.page.getByRole("navigation").getByRole("link", { name: "Lots" }).click();
    await person.page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();
    await person.page.locator(".nexios-banner[data-kind=reconnecting]").waitFor();
  });

  expect(await lookAtAll("lots reconnecting")).toEqual([]);
});

test("elsewhere in the house: what is said moves nothing on the page", async () => {
  await all(({ page }) => page.getByRole("link", { name: "Lots", exact: true }).first().click());
  await all(({ page }) => page.getByRole("heading", { level: 1 }).waitFor());
  await all((person) => waitForLine(person, "live"));
  await sayAs(house, bob, "Does anybody bid on the clock?");
  await all(({ page }) => page.locator("nav .badge").waitFor());

  expect(await lookAtAll("chat unread")).toEqual([]);
});
