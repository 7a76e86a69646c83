import { auction } from "nexios/auction";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bid, bidAs, englishTerms, goTo, listLot, sumField, waitForStanding } from "./auction-page.ts";
import { waitForLine } from "./chat-page.ts";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

// The page of a lot, in the hands of one person.

let browser: Browser;
let house: House;
let bob: Person;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  bob = await openPerson(browser);
  // Below the test's own, so that a failure says what it has waited for.
  bob.page.setDefaultTimeout(15_000);
  await comeIn(bob, house.url, { path: "/", name: "Bob" });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
  if (bob.complaints.length > 0) throw new Error(`The browser complained:\n${bob.complaints.join("\n")}`);
});

test("who is cut off in the middle of a bid has bid once when the line is back", async () => {
  await listLot(house, "cut", englishTerms(6, "Concertina"));
  await goTo(bob, house, "/lots/cut", "Concertina");
  await bob.page.getByText("You are watching").waitFor();
  await waitForLine(bob, "live");
  bob.expectOutage();

  house.network.hold();
  await bid(bob, "180");
  await bob.page.getByRole("button", { name: "On its way…" }).waitFor();
  house.network.cut();
  await bob.page.getByText("takes effect once. The connection is cut").waitFor();
  house.network.mend();
  house.network.release();
  await bob.page.evaluate("dispatchEvent(new Event('online'))");
  await waitForStanding(bob, "leading");

  const { bids, leader } = await house.app.room(auction, { lotId: "cut" }).state();
  expect([bids, leader]).toEqual([1, 1]);
  expect(await bob.page.locator(".standing").innerText()).toContain("Your maximum €180.00, known to you alone");

  await bob.context.setOffline(true);
  house.network.cut();
  await bob.page.getByText("No connection: you can bid when it is back.").waitFor();
  await bid(bob, "250");
  await bob.page.evaluate("new Promise(requestAnimationFrame)");
  const kept = await sumField(bob).inputValue();
  house.network.mend();
  await bob.context.setOffline(false);
  await waitForLine(bob, "live");
  expect([kept, (await house.app.room(auction, { lotId: "cut" }).state()).bids]).toEqual(["250", 1]);
  await sumField(bob).press("Enter");
  await bob.page.getByText("Your maximum €250.00").waitFor();
  bob.endOutage();
});

test("the keyboard alone: write, be refused, raise, be asked, go back, choose a step, take it back", async () => {
  const { page } = bob;
  const retraction = { allUntilMs: 60_000, newestForMs: 60_000 };
  await listLot(house, "keys", englishTerms(7, "Walnut bookcase", { retraction }));
  await goTo(bob, house, "/lots/keys", "Walnut bookcase");
  await page.getByText("You are watching").waitFor();
  const focused = (script: string): Promise<string> => page.evaluate<string>(`document.activeElement.${script}`);
  const tabTo = async (name: string): Promise<void> => {
    for (let step = 0; step < 60; step++) {
      await page.keyboard.press("Tab");
      if (((await focused("textContent")) ?? "").startsWith(name) || (await focused("labels?.[0]?.textContent ?? ''")) === name) return;
    }
    throw new Error(`The Tab key never reaches ${name}`);
  };

  await tabTo("Your maximum in EUR");
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await page.getByText("Bid at least €100.00.").waitFor();
  const offered = await focused("value");
  await page.keyboard.type("9000");
  await page.keyboard.press("Enter");
  await page.getByText("€9,000.00 is far above the next bid, €100.00.").waitFor();
  const safe = await focused("textContent");
  await page.keyboard.press("Escape");
  const back = await focused("value");
  await tabTo("€102.50");
  await page.keyboard.press("Space");
  const button = await page.locator(".bid-box .primary").innerText();
  await tabTo("Bid up to €102.50");
  await page.keyboard.press("Enter");
  await waitForStanding(bob, "leading");
  await tabTo("Take my bid back");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await waitForStanding(bob, "none");

  expect([offered, safe, back, button]).toEqual(["100.00", "No, go back", "9000", "Bid up to €102.50"]);
  expect((await house.app.room(auction, { lotId: "keys" }).state()).leader).toBe(0);
});

test("what is no sum is not sent, and says how a sum is written", async () => {
  await goTo(bob, house, "/lots/keys", "Walnut bookcase");
  const note = bob.page.locator(".box-note");

  await bid(bob, "1.2.3");
  const wrong = await note.innerText();
  await bid(bob, "");
  const empty = await note.innerText();

  expect([wrong, empty]).toEqual(["That is no sum. Write it like 100.00.", "Write a sum, or choose one of the next bids."]);
});

test("bids that the state has forgotten come from the history, in their order and without a hole", async () => {
  await listLot(house, "long", englishTerms(8, "Chess set"));
  for (let step = 0; step < 60; step++) await bidAs(house, "long", 100 + step * 10, step % 2 === 0 ? { id: "eve", name: "Eve" } : { id: "cem", name: "Cem" });
  await goTo(bob, house, "/lots/long", "Chess set");
  const rows = bob.page.locator(".bids tbody tr");
  await rows.nth(7).waitFor();

  const few = await rows.count();
  await bob.page.getByRole("button", { name: "Earlier bids" }).click();
  await rows.nth(49).waitFor();
  await bob.page.getByRole("button", { name: "Earlier bids" }).click();
  await rows.nth(59).waitFor();
  await bidAs(house, "long", 2_000, { id: "fay", name: "Fay" });
  await rows.nth(60).waitFor();

  const bidders = await rows.locator("td:nth-child(2)").allInnerTexts();
  expect(few).toBe(8);
  expect(bidders.slice(0, 3)).toEqual(["Bidder 3", "Bidder 2", "Bidder 1"]);
  expect([bidders.length, bidders.at(-1), bidders.at(-2)]).toEqual([61, "Bidder 1", "Bidder 2"]);
  expect(new Set(bidders.slice(1)).size).toBe(2);
});

test.for([
  ["de-DE", "1.250,00", "1.300,5", "1.300,50"],
  ["de-CH", "1’250.00", "1300.5", "1’300.50"],
  ["fr-FR", "1250,00", "1 300,5", "1300,50"],
  ["ar-EG", "1,250.00", "1300.5", "1,300.50"],
] as const)("in %s sums are written, offered and read in the manner of the language", async ([locale, offered, written, standing]) => {
  const lotId = `language-${locale}`;
  const cem = await openPerson(browser, { locale });
  await listLot(house, lotId, englishTerms(9, "Pair of stools", { opening: 1_250_00 }));
  await comeIn(cem, house.url, { path: `/lots/${lotId}`, name: "Cem" });
  await cem.page.getByText("You are watching").waitFor();

  await cem.page.locator(".next-bids button").first().click();
  const first = await sumField(cem).inputValue();
  await bid(cem, written);
  await waitForStanding(cem, "leading");
  const told = await cem.page.locator(".standing .note").innerText();
  await cem.context.close();

  const plain = (text: string): string => text.replaceAll("'", "’").replaceAll(/[\s\u00a0\u202f\p{Cf}]/gu, "");
  expect(plain(first)).toBe(offered);
  expect(plain(told)).toContain(standing);
  expect(cem.complaints).toEqual([]);
});
