import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { breakProbe } from "./control-page.ts";
import { type House, openHouse, postActivity } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";
import { walkOf } from "./walk.ts";

// One walk through all states of the control room: each needs the one before it, and what has jumped or was complained about is counted over all of them.

const widths = [1280, 390];
let browser: Browser;
let house: House;
let people: Person[];
let isOpen = true;
let mend = (): void => undefined;

beforeAll(async () => {
  browser = await launchBrowser();
  house = await openHouse({ maySee: () => isOpen });
  people = await Promise.all(widths.map((width) => openPerson(browser, { width })));
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { all, lookAtAll } = walkOf(() => people);

test("empty: where nothing is measured and nobody has done anything, it says what would fill it", async () => {
  await all(async (person) => {
    // Their own visits would be the first events.
    await person.page.route("**/activity", (route) => route.fulfill({ json: { accepted: 1, duplicate: 0, rejected: [] } }));
    await comeIn(person, house.url);
    await waitForState(person, "live");
    await person.page.getByText("Fill it with a recorded day").waitFor();
    await person.page.getByText("Nothing fires.").waitFor();
    await person.page.getByText("All systems normal").waitFor();
  });

  expect(await lookAtAll("control empty")).toEqual([]);
});

test("live: numbers, charts, activity and health come in, and nothing moves", async () => {
  await postActivity(
    house.url,
    Array.from({ length: 400 }, (_, index) => ({ visitor: `v${index % 90}`, path: `/page/${Math.floor(Math.sqrt(index))}` })),
  );
  await all(async ({ page }) => {
    await page.getByText("/page/19", { exact: true }).first().waitFor();
    await page.locator(".tile[data-tile=active] .figure", { hasText: "90" }).waitFor();
    await page.locator(".probe", { hasText: "works" }).nth(2).waitFor();
  });

  expect(await lookAtAll("control live")).toEqual([]);
});

test("a chart as a table and each window fit the page", async () => {
  await all(async ({ page }) => {
    await page.locator("[data-chart=requests] summary").click();
    await page.getByRole("table", { name: "Requests per second" }).getByRole("row").nth(1).waitFor();
    await page.getByRole("radio", { name: "1 h", exact: true }).check({ force: true });
    await page.getByText("every 15 seconds").waitFor();
  });
  expect(await lookAtAll("control table")).toEqual([]);

  await all(async (person) => {
    await person.page.locator("[data-chart=requests] summary").click();
    await person.page.getByRole("radio", { name: "5 m", exact: true }).check({ force: true });
    await waitForState(person, "live");
  });
});

test("firing: an alert stands above all, with its sign and its word", async () => {
  mend = breakProbe(house);
  await all(async ({ page }) => {
    await page.locator(".verdict", { hasText: "1 alert firing" }).waitFor();
    await page.locator(".alert[data-phase=firing]").waitFor();
    await page.locator(".probe", { hasText: "till" }).getByText("fails", { exact: true }).waitFor();
  });

  expect(await lookAtAll("control firing")).toEqual([]);
});

test("a silence asks for its reason, and the keys are listed", async () => {
  await all(async ({ page }) => {
    await page.getByRole("button", { name: /^Silence ?: A probe fails: till$/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Silence" }).click();
    await page.getByText("Say why").waitFor();
  });
  expect(await lookAtAll("control silence")).toEqual([]);
  await all(async ({ page }) => {
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Keys" }).click();
    await page.getByRole("dialog").waitFor();
  });
  expect(await lookAtAll("control keys")).toEqual([]);
  await all(({ page }) => page.getByRole("dialog").getByRole("button", { name: "Close" }).click());
  mend();
  await all(({ page }) => page.getByText("All systems normal").waitFor());
});

test("paused: the numbers are held until they are let go", async () => {
  await all(async (person) => {
    await person.page.getByRole("button", { name: "Pause" }).click();
    await waitForState(person, "paused");
  });
  expect(await lookAtAll("control paused")).toEqual([]);

  await all(async (person) => {
    await person.page.getByRole("button", { name: "Resume" }).click();
    await waitForState(person, "live");
  });
});

test("loading: while the first numbers are under way the page stands at its final size", async () => {
  await all(async ({ page }) => {
    const arrived = page.waitForResponse(/control-room-[\w-]+\.js/);
    await page.goto(house.url);
    await (await arrived).finished();
    await page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();
    await page.locator(".people-button[data-state=live]").waitFor();
  });

  house.network.hold();
  await all(async (person) => {
    await person.page.getByRole("navigation").getByRole("link", { name: "Control room" }).click();
    await waitForState(person, "loading");
  });
  expect(await lookAtAll("control loading")).toEqual([]);
  house.network.release();
  await all((person) => waitForState(person, "live"));
});

test("stale: a network that brings nothing is noticed after three steps, and forgiven", async () => {
  house.network.hold();
  await all((person) => waitForState(person, "stale"));
  expect(await Promise.all(people.map(({ page }) => page.locator(".verdict").innerText()))).toEqual(people.map(() => "No news now"));
  expect(await lookAtAll("control stale")).toEqual([]);

  house.network.release();
  await all((person) => waitForState(person, "live"));
});

test("disconnected: the page outlives its server, says so over itself, and goes on when there is one again", async () => {
  for (const person of people) person.expectOutage();
  await house.stop();
  await all(async (person) => {
    await waitForState(person, "disconnected");
    await person.page.locator(".nexios-banner[data-kind]").waitFor();
  });
  expect(await lookAtAll("control disconnected")).toEqual([]);

  await house.restart();
  await all(async (person) => {
    // The button would do the same, but the page's own try may come first and take it away.
    await person.page.evaluate("dispatchEvent(new Event('online'))");
    await waitForState(person, "live");
  });
  for (const person of people) person.endOutage();
  expect(await lookAtAll("control live after a restart")).toEqual([]);
});

test("offline: a device without a network says so, and comes back by itself", async () => {
  for (const person of people) person.expectOutage();
  await all(({ context }) => context.setOffline(true));
  house.network.cut();
  await all(async (person) => {
    await waitForState(person, "disconnected");
    await person.page.getByText("This device has no network").waitFor();
  });
  expect(await lookAtAll("control offline")).toEqual([]);

  house.network.mend();
  await all(({ context }) => context.setOffline(false));
  await all((person) => waitForState(person, "live"));
  for (const person of people) person.endOutage();
});

test("refused: whoever may not see it any more is told whom to ask, and the way out is shown", async () => {
  isOpen = false;
  await all(async (person) => {
    const userId = await person.page.evaluate<string>("JSON.parse(sessionStorage['saleroom.identity']).userId");
    await house.app.withdraw(userId);
    await waitForState(person, "refused");
  });
  expect(await lookAtAll("control refused")).toEqual([]);

  await all(async ({ page }) => {
    await page.getByRole("button", { name: "Come in again" }).click();
    await page.getByLabel("Your name").waitFor();
  });
});
