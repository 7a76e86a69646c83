import { auction } from "nexios/auction";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bid, bidAs, commonTerms, englishTerms, figuresOf, goTo, listLot, sumField, waitForStanding } from "./auction-page.ts";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

// One lot of each kind, played to its end by two people.

let browser: Browser;
let house: House;
let ann: Person;
let bob: Person;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  [ann, bob] = await Promise.all([openPerson(browser), openPerson(browser)]);
  // Below the test's own, so that a failure says what it has waited for.
  for (const { page } of [ann, bob]) page.setDefaultTimeout(15_000);
  await Promise.all([comeIn(ann, house.url, { path: "/", name: "Ann" }), comeIn(bob, house.url, { path: "/", name: "Bob" })]);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
  const complaints = [...ann.complaints, ...bob.complaints];
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

function both<T>(act: (person: Person) => Promise<T>): Promise<[T, T]> {
  return Promise.all([act(ann), act(bob)]);
}

/** What a screen reader was told last. */
function spoken(page: Page): Promise<string> {
  return page.locator("main p[role=alert]").innerText();
}

/** All that the page was sent, from now on. */
function listenTo(page: Page): readonly string[] {
  const frames: string[] = [];
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(String(payload))));
  return frames;
}

test("English: maxima are secret, the lower is outbid at once, a late bid extends, and the winner pays one step more than the second", async () => {
  const extension = { windowMs: 8_000, byMs: 8_000 };
  await listLot(house, "english", englishTerms(1, "Marine chronometer", { extension, closesAt: Date.now() + 8_000 }));
  const toAnn = listenTo(ann.page);
  await both((person) => goTo(person, house, "/lots/english", "Marine chronometer"));

  await bid(ann, "150");
  await waitForStanding(ann, "leading");
  const alone = await figuresOf(ann);
  await bid(bob, "120");
  await bob.page.getByText("somebody’s maximum is higher").waitFor();
  await ann.page.getByText("Next bid €125.00").waitFor();
  const raised = await figuresOf(ann);
  await bid(bob, "199.90");
  await waitForStanding(bob, "leading");
  await waitForStanding(ann, "outbid");
  const told = await spoken(ann.page);
  const news = await ann.page.locator(".board-news strong").innerText();
  await both(({ page }) => page.getByText(/^Its time was over at/).waitFor());
  await Promise.all([waitForStanding(bob, "won"), waitForStanding(ann, "lost")]);

  expect([alone.price, raised.price, (await figuresOf(ann)).price, (await figuresOf(bob)).price]).toEqual(["€100.00", "€122.50", "€152.50", "€152.50"]);
  expect(told).toBe("You were outbid. The next bid is €155.00.");
  expect(news).toMatch(/^Extended to \d\d:\d\d:\d\d: somebody bid late$/);
  expect(await both(({ page }) => spoken(page))).toEqual(["The lot is over: it went to somebody else.", "The lot is over: you have won it."]);
  expect(await ann.page.locator(".bids tbody tr").count()).toBe(3);
  // Bob's maximum is nobody's business, on the page as on the wire.
  expect(toAnn.filter((frame) => frame.includes("19990"))).toEqual([]);
  expect(await ann.page.locator("main").innerText()).not.toContain("199.90");
  const seals = await both(({ page }) => page.locator(".seal code").getAttribute("title"));
  expect(seals[0]).toMatch(/^[\w-]{20,}$/);
  expect(seals[1]).toBe(seals[0]);
}, 45_000);

test("live: a visitor lists it, calls it and sells it, but not over a bid that came in between", async () => {
  const { page } = ann;
  await goTo(ann, house, "/rostrum", "Rostrum");
  await page.getByRole("radio", { name: "Live sale" }).check();
  await page.getByLabel("Title").fill("Longcase clock");
  await page.getByLabel("Starts at").fill("100");
  await page.getByRole("button", { name: "List it" }).click();
  await page.getByRole("link", { name: "Longcase clock" }).click();
  await page.getByRole("button", { name: "Going once" }).waitFor();
  const lotId = decodeURIComponent(page.url().split("/").at(-1) ?? "");

  await goTo(bob, house, `/lots/${lotId}`, "Longcase clock");
  await bid(bob, "140");
  await waitForStanding(bob, "leading");
  await page.getByRole("button", { name: "Going once" }).click();
  await bob.page.locator(".board-figure", { hasText: "Going once" }).waitFor();
  const once = await spoken(bob.page);
  await page.getByRole("button", { name: "Floor bid €102.50" }).click();
  await page.getByText("Highest bid €105.00").waitFor();
  await bob.page.locator(".board-figure", { hasText: "Asking" }).waitFor();
  for (const word of ["Going once", "Going twice"]) {
    await page.getByRole("button", { name: word }).click();
    await bob.page.locator(".board-figure", { hasText: word }).waitFor();
  }
  // The hammer is under way when somebody bids.
  house.network.hold();
  await page.getByRole("button", { name: "Sold for €105.00" }).click();
  await bidAs(house, lotId, 120);
  house.network.release();
  await page.getByText("A bid came in between: it is at €122.50 now. Nothing was sold.").waitFor();
  for (const word of ["Going once", "Going twice"]) {
    await page.getByRole("button", { name: word }).click();
    await bob.page.locator(".board-figure", { hasText: word }).waitFor();
  }
  await page.getByRole("button", { name: "Sold for €122.50" }).click();
  await waitForStanding(bob, "won");

  expect(once).toBe("Going once");
  expect((await figuresOf(bob)).price).toBe("€122.50");
  await page.getByRole("link", { name: "As bidders see it" }).click();
  await page.getByText("This is your lot").waitFor();
  expect(await sumField(ann).count()).toBe(0);
}, 45_000);

test("Dutch: who takes it pays what the page showed, or less, and for the other it is gone", async () => {
  await listLot(house, "dutch", { ...commonTerms(3, "Ship’s lantern"), kind: "dutch", opening: 500_00, dropBy: 10_00, everyMs: 1_000, lowest: 100_00 });
  await both((person) => goTo(person, house, "/lots/dutch", "Ship’s lantern"));
  await bob.page.getByRole("button", { name: /^Take it for €4[0-8]0.00$/ }).waitFor();

  const shown = await bob.page.getByRole("button", { name: /^Take it for/ }).innerText();
  await bob.page.getByRole("button", { name: /^Take it for/ }).click();
  await waitForStanding(bob, "won");
  await ann.page.getByText(/^Taken at/).waitFor();

  const [{ price: annSees }, { price: paid }] = await both(figuresOf);
  const euros = (text: string): number => Number(/[\d.]+/.exec(text)?.[0]);
  expect(euros(paid)).toBeLessThanOrEqual(euros(shown));
  expect(euros(paid)).toBeGreaterThanOrEqual(100);
  expect(annSees).toBe(paid);
  expect(await ann.page.getByText("You did not bid").count()).toBe(1);
});

test("sealed: nobody learns of a bid before the end, a new bid takes the old one's place, and the second highest is paid", async () => {
  await listLot(house, "sealed", { ...commonTerms(4, "Album of pressed ferns"), kind: "sealed", pays: "second", closesAt: Date.now() + 7_000 });
  const toBob = listenTo(bob.page);
  await both((person) => goTo(person, house, "/lots/sealed", "Album of pressed ferns"));
  const before = await bob.page.locator(".bids, .board").allInnerTexts();

  await bid(ann, "777.70");
  await ann.page.getByText("€777.70, known to you alone").waitFor();
  await bid(ann, "333.30");
  await ann.page.getByText("€333.30, known to you alone").waitFor();
  const seen = await bob.page.locator(".bids").innerText();
  const heardOfAnn = toBob.filter((frame) => /77770|33330/.test(frame));
  await bid(bob, "444.40");
  await waitForStanding(bob, "sealed");
  await Promise.all([waitForStanding(bob, "won"), waitForStanding(ann, "lost")]);

  expect(before[1]).toBe(seen);
  expect(seen).toContain("Bids are sealed until the end.");
  expect(heardOfAnn).toEqual([]);
  expect((await both(figuresOf)).map(({ price }) => price)).toEqual(["€333.30", "€333.30"]);
  expect(toBob.filter((frame) => frame.includes("77770"))).toEqual([]);
}, 45_000);

test("the catalogue tells of every lot without joining any lot's room", async () => {
  const sent: string[] = [];
  bob.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
  await listLot(house, "shown", englishTerms(5, "Field telescope"));
  await goTo(bob, house, "/", "Tonight’s lots");
  const row = bob.page.locator(".lot-row", { hasText: "Field telescope" });
  await row.getByText("From").waitFor();

  await bidAs(house, "shown", 200);
  await row.getByText("English auction · 1 bid").waitFor();
  const price = await row.locator(".lot-price").innerText();
  await house.app.room(auction, { lotId: "shown" }).call("pass");
  await row.getByText("Withdrawn").waitFor();

  expect(price).toMatch(/Price\s+€100.00/);
  expect(sent.length).toBeGreaterThan(0);
  expect(sent.filter((frame) => frame.includes("auction/"))).toEqual([]);
});

test("a visitor's own page of bids follows a lot from leading to outbid to lost", async () => {
  await listLot(house, "followed", englishTerms(9, "Pair of stools"));
  await goTo(bob, house, "/lots/followed", "Pair of stools");
  await bid(bob, "130");
  await waitForStanding(bob, "leading");

  await bob.page.getByRole("navigation").getByRole("link", { name: "My bids" }).click();
  const row = bob.page.locator(".lot-row", { hasText: "Pair of stools" });
  await row.getByText("Leading").waitFor();
  const held = await bob.page.locator(".held dd").first().innerText();
  await bidAs(house, "followed", 150);
  await row.getByText("Outbid").waitFor();
  await house.app.room(auction, { lotId: "followed" }).call("pass");
  await row.getByText("Lost").waitFor();

  expect(held).not.toBe("€0.00");
});
