import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fieldOf, fillTalk, holdLine, type HouseLine, linesOf, say, sayAs, texts, waitForLine, write } from "./chat-page.ts";
import { type House, openHouse } from "./house.ts";
import { Network } from "./network.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

// One evening in the house: Ann's connection can be cut while her page can be loaded, Bob's network can be cut as a whole.

let browser: Browser;
let house: House;
let network: Network;
let ann: Person;
let bob: Person;
let cem: Person;
let line: HouseLine;
let isOpen = true;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse({ maySee: () => isOpen })]);
  network = await Network.open(Number(new URL(house.url).port));
  [ann, bob] = await Promise.all([openPerson(browser), openPerson(browser)]);
  line = await holdLine(ann);
  await Promise.all([comeIn(ann, house.url, { path: "/chat", name: "Ann Lee" }), comeIn(bob, network.url, { path: "/chat", name: "Bob" })]);
  await Promise.all([ann, bob].map((person) => waitForLine(person, "live")));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await network.close();
  await house.close();
  const complaints = [ann, bob].flatMap((person) => person.complaints);
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

test("two people talk: what one says is on the other's page, once, with the name of who has said it", async () => {
  await say(ann, "Is lot 42 still open?");
  await linesOf(bob, "Is lot 42 still open?").waitFor();
  await say(bob, "Until nine.");
  await linesOf(ann, "Until nine.").waitFor();

  expect(await texts(ann)).toEqual(["Is lot 42 still open?", "Until nine."]);
  expect(await texts(bob)).toEqual(await texts(ann));
  expect(await bob.page.locator(".chat-by").allTextContents()).toEqual(["Ann Lee ", "Bob you"]);
  expect(await ann.page.locator(".chat-line[data-own=true] .chat-text").allInnerTexts()).toEqual(["Is lot 42 still open?"]);
});

test("everybody sees who is here and where, and a person in two tabs is one person", async () => {
  const identity: string = await bob.page.evaluate("sessionStorage['saleroom.identity']");
  const twin = await bob.context.newPage();
  await twin.addInitScript(`sessionStorage['saleroom.identity'] = ${JSON.stringify(identity)}`);
  await twin.goto(`${network.url}/control`);
  await twin.locator(".people-button[data-state=live]").waitFor();
  await ann.page.locator(".people-button").click();
  const list = ann.page.locator(".people .people-list li");
  await list.filter({ hasText: "in the control room" }).waitFor();
  const both = await list.allInnerTexts();
  await twin.close();
  await ann.page.keyboard.press("Escape");

  expect(both.map((text) => text.split("\n").slice(1))).toEqual([
    ["Ann Lee you", "in the chat"],
    ["Bob", "in the control room"],
  ]);
  expect(await ann.page.locator(".people-count").innerText()).toBe("2 here");
});

test("who is cut off gets exactly what was said meanwhile, marked where it was left", async () => {
  bob.expectOutage();
  network.cut();
  for (const text of ["cut: one", "cut: two", "cut: three"]) await say(ann, text);
  await write(bob, "cut: from afar");
  await bob.page.getByText("1 line waits for the connection").waitFor();
  await waitForLine(bob, "reconnecting");
  network.mend();
  // The button of the banner would do the same, but the page's own try may come first and take it away.
  await bob.page.evaluate("dispatchEvent(new Event('online'))");
  await waitForLine(bob, "live");
  await Promise.all([ann, bob].map((person) => linesOf(person, "cut: from afar").waitFor()));
  bob.endOutage();

  expect((await texts(bob)).slice(2)).toEqual(["cut: one", "cut: two", "cut: three", "cut: from afar"]);
  expect(await texts(ann)).toEqual(await texts(bob));
  expect(await bob.page.locator(".chat-log li").nth(2).innerText()).toBe("3 lines while you were away");
});

test("a line that waits when the page is loaded anew is said once, and by nobody else in that browser", async () => {
  ann.expectOutage();
  await line.cut();
  await write(ann, "kept: over a reload");
  await ann.page.getByText("1 line waits for the connection").waitFor();
  await ann.page.reload();
  await ann.page.getByRole("log").waitFor();
  // Another tab of the same browser is somebody else, and shares its storage.
  cem = { ...ann, page: await ann.context.newPage() };
  await comeIn(cem, house.url, { path: "/chat", name: "Cem" });
  await say(cem, "kept: I am Cem");
  await linesOf(bob, "kept: I am Cem").waitFor();
  line.mend();
  await ann.page.evaluate("dispatchEvent(new Event('online'))");
  await Promise.all([ann, bob].map((person) => linesOf(person, "kept: over a reload").waitFor()));
  ann.endOutage();

  expect((await texts(bob)).slice(-2)).toEqual(["kept: I am Cem", "kept: over a reload"]);
  expect(await bob.page.locator(".chat-line", { hasText: "over a reload" }).locator(".chat-by").innerText()).toBe("Ann Lee");
  expect(await texts(ann)).toEqual(await texts(bob));
});

test("what the house does not take stands in the field again, with the reason beside it", async () => {
  const problem = cem.page.locator(".chat-note .problem");

  await fieldOf(cem).press("Enter");
  const empty = await problem.innerText();
  await write(cem, "x".repeat(510));
  const long = [await problem.innerText(), await fieldOf(cem).inputValue()];
  const { userId }: { userId: string } = await cem.page.evaluate("JSON.parse(sessionStorage['saleroom.identity'])");
  await Promise.all(Array.from({ length: 20 }, (_, index) => sayAs(house, { id: userId, name: "Cem" }, `fast: ${index + 1}`)));
  await write(cem, "fast: one too many");
  await cem.page.getByText("That was 20 lines").waitFor();
  const refused = await fieldOf(cem).inputValue();

  expect(empty).toBe("Write something first.");
  expect(long).toEqual(["A line has at most 500 characters, and this has 510: make it shorter, or two of it.", "x".repeat(510)]);
  expect(await problem.innerText()).toMatch(/^That was 20 lines within 10 seconds: say it again in \d+ s\.$/);
  expect(refused).toBe("fast: one too many");
  expect(await texts(bob)).not.toContain(refused);
  expect(await fieldOf(cem).evaluate((field: { matches(selector: string): boolean }) => field.matches(":focus"))).toBe(true);
});

test("what came while another page was looked at is counted there, and marked when the chat is opened", async () => {
  const navigation = bob.page.getByRole("navigation");
  await navigation.getByRole("link", { name: "Lots" }).click();
  await bob.page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();

  for (const text of ["unread: one", "unread: two"]) await say(ann, text);
  const link = navigation.getByRole("link", { name: "Chat 2 lines to read" });
  await link.waitFor();
  await link.click();
  await bob.page.getByText("2 lines while you were away").waitFor();

  expect(await navigation.getByRole("link", { name: "Chat" }).innerText()).toBe("Chat");
});

test("what others say is spoken, and markup that they write is text", async () => {
  await say(bob, "<img src=x onerror=window.hit=1>");
  await linesOf(ann, "<img src=x").waitFor();
  const spoken = ann.page.locator(".chat-talk output.hidden", { hasText: /^Bob: <img src=x onerror=window\.hit=1>$|^\d+ new lines, the last one by Bob$/ });
  await spoken.waitFor({ state: "attached" });

  expect(await ann.page.evaluate("[document.images.length, window.hit, witness.violations]")).toEqual([0, undefined, []]);
});

test("who comes in again is somebody else, with a connection of their own", async () => {
  await cem.page.getByRole("navigation").getByRole("link", { name: "Control room" }).click();
  await cem.page.locator(".pill[data-state=live]").waitFor();
  isOpen = false;
  await house.app.withdraw(await cem.page.evaluate("JSON.parse(sessionStorage['saleroom.identity']).userId"));
  await cem.page.getByRole("button", { name: "Come in again" }).click();
  await cem.page.getByLabel("Your name").fill("Dan");
  await cem.page.getByRole("button", { name: "Enter the Saleroom" }).click();
  await cem.page.getByRole("navigation").getByRole("link", { name: "Chat" }).click();
  await say(cem, "I am Dan");
  await linesOf(bob, "I am Dan").waitFor();

  expect(await bob.page.locator(".chat-line", { hasText: "I am Dan" }).locator(".chat-by").innerText()).toBe("Dan");
});

test("older lines come when they are asked for, and what is being read stays where it is", async () => {
  const said = (await texts(bob)).length;
  await fillTalk(house, 140);
  // What has not been on the screen by then would be marked, and shown from there.
  await linesOf(ann, "Line 140 of").waitFor();
  await ann.page.reload();
  await linesOf(ann, "Line 140 of").waitFor();
  const before = await texts(ann);

  const log = ann.page.getByRole("log");
  // Behind another page a browser draws nothing, and what is not drawn is not scrolled by a key.
  await ann.page.bringToFront();
  await log.focus();
  await ann.page.keyboard.press("Home");
  await ann.page.getByRole("button", { name: "To the newest" }).waitFor();
  await expect.poll(() => log.evaluate((element: { scrollTop: number }) => element.scrollTop)).toBe(0);
  const topOf = (): Promise<number> =>
    linesOf(ann, "Line 41 of").evaluate((row: { offsetTop: number; offsetParent: { scrollTop: number } }) => row.offsetTop - row.offsetParent.scrollTop);
  const top = await topOf();
  await ann.page.getByRole("button", { name: "Earlier" }).click();
  await linesOf(ann, "Line 1 of").waitFor({ state: "attached" });
  const topAfter = await topOf();
  await ann.page.getByRole("button", { name: "Earlier" }).click();
  await ann.page.getByText("This is where the talk begins").waitFor({ state: "attached" });

  expect([before.length, before[0]]).toEqual([100, "Line 41 of the evening"]);
  expect(Math.abs(topAfter - top)).toBeLessThanOrEqual(1);
  expect((await texts(ann)).slice(said)).toEqual(Array.from({ length: 140 }, (_, index) => `Line ${index + 1} of the evening`));
  expect(await texts(ann)).toEqual(await texts(bob));
  expect(await ann.page.getByRole("button", { name: "Earlier" }).count()).toBe(0);
});
