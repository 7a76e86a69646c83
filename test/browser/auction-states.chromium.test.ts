import { auction } from "nexios/auction";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bid, bidAs, commonTerms, englishTerms, goTo, listLot, liveTerms, typeSum, waitForStanding } from "./auction-page.ts";
import { waitForLine } from "./chat-page.ts";
import { type House, openHouse } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";
import { walkOf } from "./walk.ts";

// One walk through the states of the auction's pages, on a desk and on a phone. What has jumped is counted since a page was loaded.

const widths = [1280, 390];
let browser: Browser;
let house: House;
let people: Person[];

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  people = await Promise.all(widths.map((width) => openPerson(browser, { width })));
  // Below the test's own, so that a failure says what it has waited for.
  for (const { page } of people) page.setDefaultTimeout(15_000);
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { all, lookAtAll } = walkOf(() => people);

test("empty: the catalogue, the rostrum and one's own bids say what would fill them", async () => {
  await all((person) => comeIn(person, house.url, { path: "/", name: "Ann" }));
  await all(({ page }) => page.getByText("Nothing is on sale at this moment").waitFor());
  expect(await lookAtAll("lots empty")).toEqual([]);

  await all((person) => goTo(person, house, "/mine", "My bids"));
  await all(({ page }) => page.getByText("You have not bid on anything yet").waitFor());
  expect(await lookAtAll("mine empty")).toEqual([]);

  await all((person) => goTo(person, house, "/rostrum", "Rostrum"));
  await all(({ page }) => page.getByText("You have listed nothing yet").waitFor());
  expect(await lookAtAll("rostrum empty")).toEqual([]);
});

test("the catalogue: lots that are to come, open, nearly over, paused, sold, not sold and withdrawn", async () => {
  const now = Date.now();
  const lots = { soon: 2, far: 3, live: 4, dutch: 5, sealed: 6, gone: 7, bought: 8, missed: 9 };
  await listLot(house, "soon", englishTerms(lots.soon, "Brass telescope, three draws", { closesAt: now + 120_000 }));
  await listLot(house, "far", {
    ...englishTerms(lots.far, "Walnut bookcase with glazed doors, of the time about 1780"),
    opensAt: now + 86_400_000,
    closesAt: now + 9 * 86_400_000,
  });
  await listLot(house, "live", liveTerms(lots.live, "Longcase clock"));
  await listLot(house, "dutch", {
    ...commonTerms(lots.dutch, "Ship’s lantern"),
    kind: "dutch",
    opening: 900_00,
    dropBy: 5_00,
    everyMs: 30_000,
    lowest: 100_00,
  });
  await listLot(house, "sealed", { ...commonTerms(lots.sealed, "Album of pressed ferns"), kind: "sealed", pays: "second" });
  await listLot(house, "gone", englishTerms(lots.gone, "Pair of candlesticks"));
  await listLot(house, "bought", englishTerms(lots.bought, "Writing slope", { buyNow: 400_00 }));
  await listLot(house, "missed", englishTerms(lots.missed, "Map of the coast", { closesAt: now + 1_500, settleMs: 100 }));
  await bidAs(house, "soon", 250);
  await house.app.room(auction, { lotId: "gone" }).call("pass");
  await house.app.room(auction, { lotId: "bought" }).call("buyNow", { price: 400_00, currency: "EUR" }, { user: { id: "eve", name: "Eve" } });
  await bidAs(house, "live", 120);
  await house.app.room(auction, { lotId: "live" }).call("pause");

  await all((person) => goTo(person, house, "/", "Tonight’s lots"));
  await all(async ({ page }) => {
    await page.locator("label", { hasText: /^All/ }).click();
    await page.locator("[data-status=passed]").waitFor();
    await page.locator("[data-status=paused]").waitFor();
    await page.locator("[data-status=sold]").waitFor();
  });

  expect(await lookAtAll("lots live")).toEqual([]);
});

test("loading: the frame of the page stands there while nothing is known", async () => {
  await all((person) => goTo(person, house, "/control", "Control room"));
  await all((person) => waitForLine(person, "live"));
  house.network.hold();
  await all(async ({ page }) => {
    await page.getByRole("navigation").getByRole("link", { name: "Lots" }).click();
    await page.locator(".lots [aria-busy=true]").waitFor();
  });
  const lots = await lookAtAll("lots loading");
  await all(async ({ page }) => {
    await page.getByRole("navigation").getByRole("link", { name: "My bids" }).click();
    await page.locator(".mine [aria-busy=true]").waitFor();
  });
  const mine = await lookAtAll("mine loading");
  house.network.release();
  await all(({ page }) => page.getByText("You have not bid on anything yet").waitFor());

  expect([...lots, ...mine]).toEqual([]);
});

test("a lot before it opens, and one that nobody has listed", async () => {
  await all((person) => goTo(person, house, "/lots/far", "Walnut bookcase with glazed doors, of the time about 1780"));
  await all(({ page }) => page.getByText(/^Bidding opens at/).waitFor());
  expect(await lookAtAll("lot scheduled")).toEqual([]);

  await all((person) => goTo(person, house, "/lots/nowhere", "No such lot"));
  expect(await lookAtAll("lot missing")).toEqual([]);
});

test("a lot that is open: refused, asked again, leading, outbid, extended", async () => {
  await all(async (person, index) => {
    await listLot(
      house,
      `open-${index}`,
      englishTerms(20 + index, "Marine chronometer", {
        buyNow: 900_00,
        closesAt: Date.now() + 55_000,
        extension: { windowMs: 60_000, byMs: 120_000 },
        retraction: { allUntilMs: 3_600_000, newestForMs: 60_000 },
      }),
      { reserve: 300_00 },
    );
    await goTo(person, house, `/lots/open-${index}`, "Marine chronometer");
    await person.page.getByText("You are watching").waitFor();
  });
  expect(await lookAtAll("lot open")).toEqual([]);

  await all(async (person) => {
    await typeSum(person, "99");
    await person.page.getByText("Bid at least €100.00.").waitFor();
  });
  expect(await lookAtAll("lot refused")).toEqual([]);

  await all(async (person) => {
    await typeSum(person, "5000");
    await person.page.getByText(/is far above the next bid/).waitFor();
  });
  expect(await lookAtAll("lot asked again")).toEqual([]);

  await all(async (person) => {
    await person.page.getByRole("button", { name: "No, go back" }).click();
    await typeSum(person, "150");
    await waitForStanding(person, "leading");
  });
  expect(await lookAtAll("lot leading")).toEqual([]);

  await all(async (person, index) => {
    await bidAs(house, `open-${index}`, 170);
    await waitForStanding(person, "outbid");
    await person.page.getByText("somebody bid late").first().waitFor();
  });
  expect(await lookAtAll("lot outbid")).toEqual([]);
});

test("one's own bids: leading, outbid, sealed", async () => {
  await all(async (person) => {
    await goTo(person, house, "/lots/sealed", "Album of pressed ferns");
    await typeSum(person, "130");
    await waitForStanding(person, "sealed");
  });
  expect(await lookAtAll("lot sealed")).toEqual([]);

  await all(async (person) => {
    await goTo(person, house, "/mine", "My bids");
    await person.page.locator(".stands[data-standing=outbid]").waitFor();
    await person.page.locator(".stands[data-standing=sealed]").waitFor();
  });
  expect(await lookAtAll("mine")).toEqual([]);
});

test("a falling price, and a live sale that is paused, called once and sold", async () => {
  await all((person) => goTo(person, house, "/lots/dutch", "Ship’s lantern"));
  await all(({ page }) => page.getByRole("button", { name: /^Take it for/ }).waitFor());
  expect(await lookAtAll("lot dutch")).toEqual([]);

  const live = house.app.room(auction, { lotId: "live" });
  await all((person) => goTo(person, house, "/lots/live", "Longcase clock"));
  await all(({ page }) => page.getByText("The auctioneer has paused").waitFor());
  expect(await lookAtAll("lot paused")).toEqual([]);

  await live.call("resume");
  await live.call("going", { stage: "once" });
  await all(({ page }) => page.locator(".board-figure", { hasText: "Going once" }).waitFor());
  expect(await lookAtAll("lot going once")).toEqual([]);

  await live.call("going", { stage: "twice" });
  await live.call("hammer", { bids: 1 });
  await all(({ page }) => page.getByText(/^The hammer fell at/).waitFor());
  expect(await lookAtAll("lot sold")).toEqual([]);
});

test("closing, won, lost", async () => {
  await all(async (person, index) => {
    const lotId = `end-${index}`;
    await listLot(house, lotId, englishTerms(30 + index, "Field telescope", { closesAt: Date.now() + 3_000, settleMs: 4_000 }));
    await goTo(person, house, `/lots/${lotId}`, "Field telescope");
    await bid(person, "120");
    await waitForStanding(person, "leading");
    await person.page.getByText("the last bids are judged").waitFor();
  });
  expect(await lookAtAll("lot closing")).toEqual([]);

  await all((person) => waitForStanding(person, "won"));
  expect(await lookAtAll("lot won")).toEqual([]);

  await all(async (person, index) => {
    await house.app.room(auction, { lotId: `open-${index}` }).call("pass");
    await goTo(person, house, `/lots/open-${index}`, "Marine chronometer");
    await waitForStanding(person, "lost");
  });
  expect(await lookAtAll("lot lost")).toEqual([]);
});

test("the rostrum: what is wrong with a form, a lot of one's own, and its desk", async () => {
  await all(async ({ page }) => {
    await page.goto(`${house.url}/rostrum`);
    await page.getByRole("button", { name: "List it" }).click();
    await page.getByText("Write something here.").waitFor();
  });
  expect(await lookAtAll("rostrum faults")).toEqual([]);

  await all(async ({ page }) => {
    await page.getByRole("radio", { name: "Live sale" }).check();
    await page.getByLabel("Title").fill("Set of six glasses");
    await page.getByLabel("Description").fill("Mouth-blown, engraved with the six winds.");
    await page.getByLabel("Starts at").fill("40");
    await page.getByLabel("Reserve").fill("60");
    await page.getByRole("button", { name: "List it" }).click();
    await page.getByText("It stands in the catalogue.").waitFor();
    await page.getByRole("link", { name: "Set of six glasses" }).click();
    await page.getByRole("button", { name: "Going once" }).waitFor();
  });
  expect(await lookAtAll("desk live")).toEqual([]);

  await all(async ({ page }) => {
    await page.getByText("Change the lot").click();
    await page.getByRole("button", { name: "Change it" }).waitFor();
    await page.getByRole("button", { name: "Pass", exact: true }).click();
    await page.getByText("The lot is over then").waitFor();
  });
  expect(await lookAtAll("desk asked again")).toEqual([]);

  await all(async ({ page }) => {
    await page.getByRole("link", { name: "As bidders see it" }).click();
    await page.getByText("You may watch, and not bid.").waitFor();
  });
  expect(await lookAtAll("lot own")).toEqual([]);
});

test("reconnecting and offline: all stays readable, and what can't be done says why", async () => {
  for (const index of widths.keys()) await listLot(house, `cut-${index}`, englishTerms(40 + index, "Concertina"));
  await all(async (person, index) => {
    await goTo(person, house, "/", "Tonight’s lots");
    await person.page.getByRole("link", { name: "Concertina" }).nth(index).click();
    await person.page.getByRole("heading", { name: "Concertina" }).waitFor();
    await waitForLine(person, "live");
    await person.page.getByText("You are watching").waitFor();
    person.expectOutage();
  });
  house.network.cut();
  await all(async (person) => {
    await waitForLine(person, "reconnecting");
    await person.page.getByText("No connection: you can bid when it is back.").waitFor();
  });
  expect(await lookAtAll("lot reconnecting")).toEqual([]);

  await all(async (person) => {
    await person.page.getByRole("navigation").getByRole("link", { name: "Lots" }).click();
    await person.page.getByText(/^As of/).waitFor();
  });
  expect(await lookAtAll("lots stale")).toEqual([]);
  await all(async ({ context, page }, index) => {
    await page.getByRole("link", { name: "Concertina" }).nth(index).click();
    await context.setOffline(true);
    await page.locator(".people-button[data-state=offline]").waitFor();
  });
  expect(await lookAtAll("lot offline")).toEqual([]);

  house.network.mend();
  await all(async (person) => {
    await person.context.setOffline(false);
    await waitForLine(person, "live");
    person.endOutage();
  });
});
