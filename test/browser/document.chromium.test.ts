import { Documents } from "nexios/collab/server";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { fieldOf, forgetShift, openText, paste, shownTo, waitForText, writeAtEnd } from "./document-page.ts";
import { type House, openHouse } from "./house.ts";
import { lookAt } from "./look.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

// One text of the catalogue, open before two people: one at a desk with the editor, one with a phone and the plain text area.

let browser: Browser;
let house: House;
let documents: Documents;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  documents = new Documents(house.app);
  [ann, bob] = await Promise.all([openPerson(browser), openPerson(browser, { width: 390, colorScheme: "dark" })]);
  for (const { page } of [ann, bob]) page.setDefaultTimeout(15_000);
  await comeIn(ann, house.url, { path: "/desk", name: "Ann" });
  await comeIn(bob, house.url, { path: "/desk", name: "Bob", colour: "Rose" });
  await openText(ann, house, "foreword", "Foreword");
  await openText(bob, house, "foreword", "Foreword");
  await bob.page.getByRole("switch", { name: "Plain text area" }).click();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

/** Waits until both see what the server has stored. */
function areEqual(): Promise<string> {
  return vi.waitFor(
    async () => {
      const stored = await documents.text("foreword");
      expect([await shownTo(ann), await shownTo(bob)]).toEqual([stored, stored]);
      return stored;
    },
    { timeout: 15_000 },
  );
}

test("what one writes the other sees, in the editor and in the plain text area, with who is where", async () => {
  const before = await documents.text("foreword");

  await writeAtEnd(ann, " Welcome.");
  await vi.waitFor(async () => expect(await shownTo(bob)).toBe(`${before} Welcome.`), { timeout: 10_000 });
  await bob.page.getByText("Ann in paragraph 1").waitFor();
  await fieldOf(bob).focus();
  await bob.page.keyboard.press("Control+End");
  await bob.page.keyboard.type(" Come in.");
  await ann.page.locator(".nexios-caret-name", { hasText: "Bob" }).waitFor({ state: "attached" });
  await ann.page.locator(".document-here", { hasText: "in paragraph 1" }).waitFor();

  expect(await areEqual()).toBe(`${before} Welcome. Come in.`);
  await waitForText(ann, "saved");
  expect([...(await lookAt(ann, "document")), ...(await lookAt(bob, "document"))]).toEqual([]);
});

test("both write at once, each at his own place, and both have all of it", async () => {
  const before = await documents.text("foreword");
  await fieldOf(ann).click();
  await ann.page.keyboard.press("Control+Home");
  await fieldOf(bob).focus();
  await bob.page.keyboard.press("Control+End");

  await Promise.all([ann.page.keyboard.type("From Ann. "), bob.page.keyboard.type(" From Bob.")]);

  expect(await areEqual()).toBe(`From Ann. ${before} From Bob.`);
});

test("undo and redo take back and bring one's own alone, by button and by key", async () => {
  const before = await documents.text("foreword");
  await writeAtEnd(ann, " Mine.");
  await vi.waitFor(async () => expect(await documents.text("foreword")).toBe(`${before} Mine.`), { timeout: 10_000 });
  await fieldOf(bob).focus();
  await bob.page.keyboard.press("Control+Home");
  await bob.page.keyboard.type("His. ");
  await vi.waitFor(async () => expect(await shownTo(ann)).toContain("His. "), { timeout: 10_000 });

  await ann.page.getByRole("button", { name: "Undo" }).click();
  await vi.waitFor(async () => expect(await documents.text("foreword")).not.toContain("Mine."), { timeout: 10_000 });
  const undone = await areEqual();
  await ann.page.getByRole("button", { name: "Redo" }).click();
  await vi.waitFor(async () => expect(await documents.text("foreword")).toContain("Mine."), { timeout: 10_000 });
  await fieldOf(bob).focus();
  await bob.page.keyboard.press("ControlOrMeta+Z");
  await vi.waitFor(async () => expect(await documents.text("foreword")).not.toContain("His."), { timeout: 10_000 });

  expect(undone).toContain("His. ");
  expect(await areEqual()).toContain("Mine.");
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});

test("a paste over the limit is refused whole, and its text handed back until it is dismissed, which is asked once more", { timeout: 60_000 }, async () => {
  const before = await documents.text("foreword");
  await forgetShift(ann);
  await fieldOf(ann).click();
  await ann.page.keyboard.press("Control+End");
  await paste(ann, "x".repeat(1_000_000));

  await ann.page.getByText("The text would be longer than a text may be.").waitFor();
  const kept = await ann.page.getByLabel("Your text as you had it").inputValue();
  const findings = [...(await lookAt(ann, "document refused"))];
  const dismiss = ann.page.getByRole("button", { name: "Dismiss" });
  await dismiss.dblclick();
  const isKept = await dismiss.isVisible();
  await dismiss.click();
  findings.push(...(await lookAt(ann, "document dismissing")));
  await ann.page.getByRole("button", { name: "Throw it away" }).click();
  await waitForText(ann, "saved");

  expect(isKept).toBe(true);
  expect(kept).toBe(`${before}${"x".repeat(1_000_000)}`);
  expect(await areEqual()).toBe(before);
  expect(findings).toEqual([]);
});

test("on a phone nothing lies over what one does with a refused text, and a second one waits for its turn", { timeout: 60_000 }, async () => {
  const { page } = bob;
  const before = await documents.text("foreword");
  for (const piece of ["y", "z"]) {
    await fieldOf(bob).focus();
    await page.keyboard.press("Control+End");
    await paste(bob, piece.repeat(1_000_000));
    await page.getByText(piece === "y" ? "The text would be longer than a text may be." : "One more text after this one.").waitFor();
  }
  const findings = [...(await lookAt(bob, "document refused twice"))];

  for (const piece of ["y", "z"]) {
    expect(await page.getByLabel("Your text as you had it").inputValue()).toContain(`${piece}${piece}`);
    await page.getByRole("button", { name: "Dismiss" }).click();
    findings.push(...(await lookAt(bob, "document dismissing")));
    await page.getByRole("button", { name: "Throw it away" }).click();
  }

  await waitForText(bob, "saved");
  expect(await areEqual()).toBe(before);
  expect(findings).toEqual([]);
});

test("what others changed is told when it is asked, with how much was added and deleted", async () => {
  await ann.page.getByRole("button", { name: "What did others change?" }).click();
  await ann.page.locator(".document-told", { hasText: /Bob added \d+ characters\.|Nothing since/ }).waitFor();
  await documents.edit("foreword", (text) => text.delete(0, "From".length), { user: { id: "dan", name: "Dan" } });
  await documents.edit("foreword", (text) => text.insert(0, "By"), { user: { id: "dan", name: "Dan" } });
  await vi.waitFor(async () => expect(await shownTo(ann)).toMatch(/^By/), { timeout: 10_000 });

  await ann.page.getByRole("button", { name: "What did others change?" }).click();

  await ann.page.getByText("Dan added 2 characters and deleted 4 characters.").waitFor();
  expect(await lookAt(ann, "document told")).toEqual([]);
});

test("without a connection the past says that it comes with it, and nothing of it can be done", async () => {
  for (const person of [ann, bob]) person.expectOutage();
  house.network.cut();
  await Promise.all([ann, bob].map((person) => waitForText(person, "offline")));
  const history = ann.page.getByRole("button", { name: "History", exact: true });
  await history.click();
  await ann.page.locator(".document-marks", { hasText: "The past comes with the connection." }).waitFor();
  const restore = ann.page.getByRole("button", { name: "Restore this" });
  await ann.page.getByRole("slider", { name: "Moment" }).focus();
  await ann.page.keyboard.press("Home");
  const findings = await lookAt(ann, "document past offline");
  const isPast = await ann.page.locator(".document-past").count();
  const isOff = await restore.getAttribute("aria-disabled");
  house.network.mend();
  await Promise.all([ann, bob].map((person) => waitForText(person, "saved")));
  await ann.page.locator(".document-moment", { hasText: "Bob" }).first().waitFor();
  await history.click();

  expect([isPast, isOff, findings]).toEqual([0, "true", []]);
  for (const person of [ann, bob]) person.endOutage();
});

test("what is written without a connection is counted, kept, and sent when there is one again", async () => {
  const before = await documents.text("foreword");
  for (const person of [ann, bob]) person.expectOutage();
  house.network.cut();
  await Promise.all([ann, bob].map((person) => waitForText(person, "offline")));
  await writeAtEnd(ann, " Away.");
  await ann.page.getByText("Offline, 6 changes wait").waitFor();
  const findings = [...(await lookAt(ann, "document offline")), ...(await lookAt(bob, "document offline"))];
  await documents.edit("foreword", (text) => text.insert(0, "Meanwhile. "));
  house.network.mend();

  await Promise.all([ann, bob].map((person) => waitForText(person, "saved")));
  expect(await areEqual()).toBe(`Meanwhile. ${before} Away.`);
  expect(findings).toEqual([]);
  expect([...ann.complaints, ...bob.complaints]).toEqual([]);
});
