import { documentRoom } from "nexios/collab";
import { Documents } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { forgetShift, openText, shownTo, waitForText, writeAtEnd } from "./document-page.ts";
import { type House, openHouse } from "./house.ts";
import { lookAt } from "./look.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";
import { walkOf } from "./walk.ts";

// A text's past: on a desk, where it stands beside the text, and on a phone, where it is a sheet.

const first = { user: { id: "dan", name: "Dan" } };
const second = { user: { id: "eve", name: "Eve" } };

let browser: Browser;
let house: House;
let documents: Documents;
let ann: Person;
let bob: Person;
let people: readonly Person[];
let begun: string;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  documents = new Documents(house.app);
  begun = await documents.text("foreword");
  await documents.edit("foreword", (text) => text.insert(text.length, " Dan was here."), first);
  await documents.edit("foreword", (text) => text.delete(0, "This ".length), second);
  await documents.edit("foreword", (text) => text.insert(0, "Our "), second);
  [ann, bob] = await Promise.all([openPerson(browser), openPerson(browser, { width: 390 })]);
  people = [ann, bob];
  for (const { page } of people) page.setDefaultTimeout(15_000);
  await Promise.all(
    people.map((person, at) =>
      comeIn(person, house.url, { path: "/desk", ...(at === 0 ? { name: "Ann", colour: "Azure" } : { name: "Bob", colour: "Rose" }) }),
    ),
  );
  await Promise.all(people.map((person) => openText(person, house, "foreword", "Foreword")));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { lookAtAll } = walkOf(() => people);

function all(act: (person: Person) => Promise<unknown>): Promise<unknown> {
  return Promise.all(people.map(act));
}

async function attributesOf({ page }: Person, selector: string, name: string): Promise<readonly (string | null)[]> {
  return Promise.all((await page.locator(selector).all()).map((element) => element.getAttribute(name)));
}

/** What is marked in the text as it was. */
async function marksOf({ page }: Person): Promise<readonly string[]> {
  return page.locator(".document-past :is(ins, del)").allTextContents();
}

test("who wrote what is marked, with names and shares, and told at the caret", async () => {
  await all(({ page }) => page.getByRole("button", { name: "Who wrote this" }).click());
  await all(({ page }) => page.locator(".nexios-author[title=Dan]").first().waitFor());
  const shares = await ann.page.locator(".document-shares .document-name").allInnerTexts();
  const hues = await attributesOf(ann, ".document-shares .avatar", "data-hue");
  const initials = await attributesOf(ann, ".document-initials", "data-initials");
  await ann.page.getByRole("textbox", { name: "Text", exact: true }).click();
  await ann.page.keyboard.press("Control+End");
  await ann.page.getByText("At your caret: Dan").waitFor();
  await ann.page.keyboard.press("Control+Home");
  await ann.page.getByText("At your caret: Eve").waitFor();

  expect(shares).toEqual(["Edith (robot)", "Dan", "Eve"]);
  expect(new Set(hues).size).toBe(3);
  expect(initials).toEqual(["Ev", "Ed", "Da"]);
  expect(await lookAtAll("document authors")).toEqual([]);
});

test("the list says who worked on the text, when and how much; a click shows what he changed in it", async () => {
  await all(({ page }) => page.getByRole("button", { name: "History", exact: true }).click());
  await ann.page.locator(".document-moment", { hasText: "Dan" }).waitFor();
  const folded = await lookAt(bob, "document history folded");
  // In a small window the list is folded away until it is asked for.
  await bob.page.getByRole("button", { name: "Names and all edits" }).click();
  await bob.page.locator(".document-moment", { hasText: "Dan" }).waitFor();
  const rows = await ann.page.locator(".document-moment").allInnerTexts();
  const findings = [...folded, ...(await lookAtAll("document history"))];

  await all(({ page }) => page.locator(".document-moment", { hasText: "Eve" }).click());
  await all(({ page }) => page.locator(".document-past del").waitFor());

  expect(rows.map((row) => row.replaceAll(/\s+/g, " "))).toEqual([
    expect.stringMatching(/^E Eve .* 4 added, 5 deleted \+4 −5$/),
    expect.stringMatching(/^D Dan .* 14 added, 0 deleted \+14 −0$/),
    expect.stringMatching(/^E Edith \(robot\) /),
  ]);
  expect((await marksOf(ann)).toSorted()).toEqual(["Eve added: Our ", "Eve deleted: This "]);
  expect([...findings, ...(await lookAtAll("document past"))]).toEqual([]);
});

test("the slider goes through all moments by key, and back to now", async () => {
  const slider = ann.page.getByRole("slider", { name: "Moment" });
  await slider.focus();
  await ann.page.keyboard.press("Home");
  await ann.page.getByText("Before the first word", { exact: true }).waitFor();
  await ann.page.locator(".document-past", { hasText: "Empty." }).waitFor();
  for (let step = 0; step < 2; step++) await ann.page.keyboard.press("ArrowRight");
  await ann.page.locator(".document-past ins", { hasText: "This sale" }).waitFor();
  const told = await slider.getAttribute("aria-valuetext");
  await ann.page.keyboard.press("End");

  await ann.page.locator(".document-past").waitFor({ state: "detached" });
  expect(told).toMatch(/, Edith \(robot\)$/);
  expect(await slider.getAttribute("aria-valuetext")).toBe("Now");
  expect(await shownTo(ann)).toBe(await documents.text("foreword"));
});

test("a moment is compared with the present", async () => {
  await all(({ page }) => page.locator(".document-moment", { hasText: "Edith" }).click());
  await all(({ page }) => page.locator(".document-past ins").waitFor());
  await all(({ page }) => page.getByRole("button", { name: "Compare with now" }).click());
  await all(({ page }) => page.locator(".document-past del").waitFor());

  expect((await marksOf(bob)).toSorted()).toEqual(["Dan added:  Dan was here.", "Eve added: Our ", "Eve deleted: This "]);
  expect(await lookAtAll("document compared")).toEqual([]);
});

test("a moment that is looked at gets a name, under which everybody finds it", async () => {
  await ann.page.getByLabel("Name this moment").fill("As Edith had it");
  await ann.page.getByRole("button", { name: "Keep" }).click();

  await ann.page.getByText("Kept as “As Edith had it”.").waitFor();
  await bob.page.locator(".document-moment", { hasText: "As Edith had it" }).waitFor();
  expect(ann.complaints).toEqual([]);
});

test("a moment has each name once", async () => {
  const field = ann.page.getByLabel("Name this moment");
  await field.fill("As Edith had it");
  await field.press("Enter");

  await ann.page.getByText("This moment has that name.").waitFor();
  expect(await ann.page.locator(".document-version").count()).toBe(1);
  await field.fill("");
});

test("a name is taken away, and given back", async () => {
  await forgetShift(bob);
  await ann.page.getByRole("button", { name: "Take the name “As Edith had it” away" }).click();
  await bob.page.locator(".document-version").waitFor({ state: "detached" });
  await ann.page.getByText("“As Edith had it” is taken away.").waitFor();
  const findings = await lookAt(ann, "document unnamed");
  const focused = await ann.page.evaluate("document.activeElement.textContent");
  await ann.page.getByRole("button", { name: "Give it back" }).click();

  await Promise.all(people.map(({ page }) => page.locator(".document-version", { hasText: "As Edith had it" }).waitFor()));
  expect(findings).toEqual([]);
  expect(focused).toBe("Give it back");
  expect(await ann.page.evaluate("document.activeElement.className")).toBe("document-versions");
});

test("a moment is restored when that is confirmed, as an edit, and the restore is undone", async () => {
  const before = await documents.text("foreword");
  await ann.page.getByRole("button", { name: "Restore this" }).click();
  await ann.page.getByText("Everybody’s text becomes what it was then.").waitFor();
  const asked = await documents.text("foreword");
  await ann.page.getByRole("button", { name: "Restore", exact: true }).click();
  await ann.page.getByText("Restored.", { exact: true }).waitFor();
  const restored = await documents.text("foreword");
  await vi.waitFor(async () => expect(await shownTo(ann)).toBe(begun));
  await ann.page.locator(".document-moment", { hasText: /Ann.*restored the text of/s }).waitFor();
  await bob.page.locator(".document-moment", { hasText: /Ann.*restored the text of/s }).waitFor();
  // The restore stands in the list, above what was there.
  await forgetShift(ann);
  const findings = await lookAt(ann, "document restored");
  await ann.page.getByRole("button", { name: "Undo the restore" }).click();
  await ann.page.getByText("The restore is undone.").waitFor();

  expect([asked, restored, await documents.text("foreword")]).toEqual([before, begun, before]);
  await vi.waitFor(async () => expect(await shownTo(ann)).toBe(before));
  expect(findings).toEqual([]);
});

test("Escape closes the past and gives the focus back, and one goes on writing", async () => {
  await ann.page.getByRole("slider").focus();
  await ann.page.keyboard.press("Escape");

  expect(await ann.page.evaluate("document.activeElement.textContent")).toBe("History");
  await writeAtEnd(ann, " On.");
  await vi.waitFor(async () => expect(await documents.text("foreword")).toMatch(/ On\.$/), { timeout: 10_000 });
  await waitForText(ann, "saved");
  await bob.page.getByRole("button", { name: "Close" }).click();
});

test("who looks at the text is told that somebody else has restored an older one, until he looks at the history", async () => {
  const { count } = await house.app.room(documentRoom, { id: "foreword" }).state();
  await waitForText(bob, "saved");
  await forgetShift(bob);

  await house.app.room(documentRoom, { id: "foreword" }).call("restore", { count: count - 2 }, first);

  await bob.page.getByText(/^Dan restored an older text at \d\d:\d\d\./).waitFor();
  expect(await lookAt(bob, "document restored by another")).toEqual([]);
  await bob.page.getByRole("button", { name: "History", exact: true }).click();
  await bob.page.getByText(/^Dan restored an older text/).waitFor({ state: "detached" });
  await bob.page.getByRole("button", { name: "Close" }).click();
});

/** Where the first change is, and the part of the window that is free. */
const places = `
  (() => {
    const mark = document.querySelector(".document-mark").getClientRects()[0];
    const [bar, sheet] = [".document-bar", ".document-panel"].map((selector) => document.querySelector(selector));
    const isOver = getComputedStyle(sheet).position === "fixed";
    const top = getComputedStyle(bar).position === "sticky" ? bar.getBoundingClientRect().bottom : 0;
    return { top: mark.top, bottom: mark.bottom, from: Math.max(0, top), to: isOver ? sheet.getBoundingClientRect().top : innerHeight };
  })()
`;

/** How much of the text is seen while nothing of its past is chosen: pixels. */
const textInSight = `
  (() => {
    const [text, sheet] = [".document-paper", ".document-panel"].map((selector) => document.querySelector(selector));
    const end = getComputedStyle(sheet).position === "fixed" ? sheet.getBoundingClientRect().top : innerHeight;
    return end - Math.max(0, text.getBoundingClientRect().top);
  })()
`;

async function changeIsSeen({ page }: Person): Promise<void> {
  await vi.waitFor(async () => {
    const { top, bottom, from, to } = await page.evaluate<Record<"top" | "bottom" | "from" | "to", number>>(places);
    expect([top >= from, bottom <= to], `${top} to ${bottom} in ${from} to ${to}`).toEqual([true, true]);
  });
}

test("a step into the past brings what was changed into the part of the window that is free, and leaves the focus", async () => {
  const low = { width: 640, height: 400 };
  await documents.edit("foreword", (text) => text.insert(0, Array.from({ length: 60 }, (_, at) => `Paragraph ${at + 1}.\n`).join("")), first);
  await documents.edit("foreword", (text) => text.insert("Paragraph 1.\n".length * 45, "Here it was changed. "), second);
  for (const viewport of [undefined, low]) {
    if (viewport !== undefined) await ann.page.setViewportSize(viewport);
    const both = viewport === undefined ? people : [ann];
    for (const person of both) {
      await person.page.evaluate("scrollTo(0, 0)");
      await person.page.getByRole("button", { name: "History", exact: true }).click();
      await person.page.getByRole("slider").waitFor();
      expect(await person.page.evaluate(textInSight)).toBeGreaterThan(100);
      await person.page.locator(".document-moment", { hasText: "+25" }).first().waitFor({ state: "attached" });
      await person.page.getByRole("slider").focus();
      await person.page.keyboard.press("ArrowLeft");
      await person.page.keyboard.press("ArrowLeft");
      await person.page.locator(".document-mark").first().waitFor();
      await changeIsSeen(person);
      await person.page.getByRole("button", { name: "Compare with now" }).click();
      await person.page.locator(".document-mark", { hasText: "Here it was changed." }).waitFor();
      await changeIsSeen(person);
      expect(await person.page.evaluate("document.activeElement.textContent")).toBe("Compare with now");
      await forgetShift(person);
      expect(await lookAt(person, `document gone to ${viewport?.height ?? ""}`)).toEqual([]);
      await person.page.getByRole("button", { name: "Close" }).click();
    }
  }
});

test("what is forgotten is not offered: the slider begins with the oldest moment that is kept", async () => {
  await ann.page.setViewportSize({ width: 1280, height: 800 });
  await documents.forget("foreword");
  const kept = await documents.text("foreword");
  await ann.page.getByRole("button", { name: "History", exact: true }).click();
  await ann.page.getByText("What was before is not kept.").waitFor();
  await documents.edit("foreword", (text) => text.insert(0, "Since then. "), first);
  await ann.page.locator(".document-moment", { hasText: "+12" }).waitFor();

  await ann.page.getByRole("slider").focus();
  await ann.page.keyboard.press("Home");

  await ann.page.locator(".document-past", { hasText: kept.slice(0, 20) }).waitFor();
  await ann.page.getByText("Nothing differs.").waitFor();
  expect(await ann.page.getByRole("slider").getAttribute("aria-valuetext")).toBe("The oldest that is kept");
  expect(await ann.page.locator(".document-moment").count()).toBe(1);
  expect(ann.complaints).toEqual([]);
});
