import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startProgram } from "../child-process.ts";
import { buildWebApp } from "./built-web.ts";
import { fieldOf, linesOf, say, sayAs, texts, waitForLine, write } from "./chat-page.ts";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

const bob = { id: "bob", name: "Bob" };
let browser: Browser;
let house: House;
let ann: Person;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  ann = await openPerson(browser);
  await comeIn(ann, house.url, { path: "/chat" });
  await waitForLine(ann, "live");
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
  if (ann.complaints.length > 0) throw new Error(`The browser complained:\n${ann.complaints.join("\n")}`);
});

/** Waits until the newest trouble is healed and compared with the server's log, and gives what the panel says of it. */
async function report({ page }: Person): Promise<Readonly<Record<string, string>>> {
  await page
    .locator(".trouble-report dd", { hasText: "compared with" })
    .or(page.locator(".trouble-report dd", { hasText: "nobody spoke" }))
    .waitFor();
  const [names, values] = await Promise.all([page.locator(".trouble-report dt").allInnerTexts(), page.locator(".trouble-report dd").allInnerTexts()]);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
}

test("the panel is opened and closed with the keyboard alone, and the focus comes back to its button", async () => {
  const button = ann.page.getByRole("button", { name: "Trouble" });
  await button.focus();
  await ann.page.keyboard.press("Enter");
  await ann.page.getByRole("heading", { name: "Trouble" }).waitFor();
  const inside: string = await ann.page.evaluate("document.activeElement.textContent");
  await ann.page.keyboard.press("Tab");
  const first: string = await ann.page.evaluate("document.activeElement.textContent");
  await ann.page.keyboard.press("Escape");
  await ann.page.getByRole("heading", { name: "Trouble" }).waitFor({ state: "hidden" });

  expect([inside, first]).toEqual(["Trouble", "Close"]);
  expect(await button.evaluate((element: { matches(selector: string): boolean }) => element.matches(":focus"))).toBe(true);
  await button.click();
});

test("a line that is cut comes back by itself, with what was said meanwhile, and sends what waited", async () => {
  await say(ann, "cut: before");

  await ann.page.getByLabel("How long it is cut").selectOption("3");
  await ann.page.getByRole("button", { name: "Cut my line" }).click();
  await ann.page.getByText(/^Your line stays cut for \d s\./).waitFor();
  for (const text of ["cut: one", "cut: two"]) await sayAs(house, bob, text);
  await write(ann, "cut: mine");
  await ann.page.getByText("1 line waits for the connection").waitFor();
  const meanwhile = await texts(ann);
  const told = await report(ann);
  await linesOf(ann, "cut: mine").waitFor();

  expect(meanwhile).toEqual(["cut: before"]);
  expect(await texts(ann)).toEqual(["cut: before", "cut: one", "cut: two", "cut: mine"]);
  expect(told).toMatchObject({
    "You stood": "after line 1",
    "Way back": "Resumed from line 1, no reload of the state",
    Missing: "nothing: 2 of 2, compared with the server's log",
  });
  expect(told["Caught up"]).toMatch(/^2 lines in [\d,]+ ms$/);
  expect(told["Healed after"]).toMatch(/^\d+\.\d s$/);
});

test("a message that is lost is noticed by the next one, and fetched, each line once", async () => {
  const before = await texts(ann);

  await ann.page.getByRole("button", { name: "Lose a message" }).click();
  await linesOf(ann, "Two of two").waitFor();
  const told = await report(ann);

  expect((await texts(ann)).slice(before.length)).toEqual([
    "One of two, for whoever has asked to lose it.",
    "Two of two: whoever lost the one before sees the hole now.",
  ]);
  expect(told).toMatchObject({
    "You stood": `after line ${before.length}`,
    "Way back": `Resumed from line ${before.length}, no reload of the state`,
    Missing: "nothing: 2 of 2, compared with the server's log",
  });
  expect(await ann.page.getByText("while you were away").count()).toBe(1);
});

test("on a slow line everything comes later, in its order, and it is fast again on request", async () => {
  const slow = ann.page.getByRole("button", { name: "Slow my line" });

  await slow.click();
  const startedAt = performance.now();
  for (const text of ["slow: one", "slow: two"]) await sayAs(house, bob, text);
  await linesOf(ann, "slow: two").waitFor();
  const tookMs = performance.now() - startedAt;
  const pressed = await slow.getAttribute("aria-pressed");
  await slow.click();
  await say(ann, "slow: no more");

  expect(tookMs).toBeGreaterThanOrEqual(1_400);
  expect(pressed).toBe("true");
  expect((await texts(ann)).slice(-3)).toEqual(["slow: one", "slow: two", "slow: no more"]);
});

test("where nothing would start the server again, the panel says so and does nothing", async () => {
  const restart = ann.page.getByRole("button", { name: "Restart the server" });

  expect(await restart.getAttribute("aria-disabled")).toBe("true");
  await ann.page.getByText("only where npm start watches over it").waitFor();
});

test("a server that is killed is started again at the same address, and both who were there go on without a loss", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nexios-restart-"));
  const program = startProgram(process.execPath, ["--conditions=source", "demo/server/main.ts"], {
    PORT: "0",
    NEXIOS_DATA: folder,
    NODE_ENV: "",
    WEB_FOLDER: await buildWebApp(),
  });
  onTestFinished(async () => {
    if (program.child.exitCode === null) await program.stop("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });
  const [, url = ""] = await program.line(/^The Saleroom is open: (\S+)$/);
  const [cem, dan] = await Promise.all([openPerson(browser), openPerson(browser)]);
  await Promise.all([comeIn(cem, url, { path: "/chat", name: "Cem" }), comeIn(dan, url, { path: "/chat", name: "Dan" })]);
  await say(cem, "before");
  await linesOf(dan, "before").waitFor();

  for (const person of [cem, dan]) person.expectOutage();
  await cem.page.getByRole("button", { name: "Trouble" }).click();
  await cem.page.locator(".trouble-actions .button[aria-disabled=false]", { hasText: "Restart the server" }).click();
  await program.line(/^The server was killed from the trouble panel/);
  await write(dan, "said into the dark");
  await program.line(/^The Saleroom is open again: /);
  // As a network does that is back: the next try may be some seconds away.
  for (const { page } of [cem, dan]) await page.evaluate("dispatchEvent(new Event('online'))");
  await Promise.all([cem, dan].map((person) => linesOf(person, "said into the dark").waitFor()));
  const told = await report(cem);
  await say(cem, "after");
  await linesOf(dan, "after").waitFor();

  expect(await texts(cem)).toEqual(["before", "said into the dark", "after"]);
  expect(await texts(dan)).toEqual(await texts(cem));
  expect(told["Way back"]).toMatch(/^Resumed from line \d+, no reload of the state$/);
  expect(told["Process"]).toMatch(/^\d+ is gone, \d+ is here$/);
  expect(await fieldOf(cem).inputValue()).toBe("");
  expect([...cem.complaints, ...dan.complaints]).toEqual([]);
  for (const { context } of [cem, dan]) await context.close();
  expect(await program.stop("SIGTERM")).toBe(0);
}, 90_000);
