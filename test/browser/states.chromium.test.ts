import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, openHouse, postActivity } from "./house.ts";
import { lookAt } from "./look.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

// One walk through all states: each needs the one before it, and what has jumped or was complained about is counted over all of them.

const widths = [1280, 390];
let browser: Browser;
let house: House;
let people: Person[];

beforeAll(async () => {
  browser = await launchBrowser();
  house = await openHouse();
  people = await Promise.all(widths.map((width) => openPerson(browser, { width })));
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

/** The same for everybody, at the same time. */
async function all(act: (person: Person) => Promise<unknown>): Promise<void> {
  await Promise.all(people.map(act));
}

async function lookAtAll(state: string): Promise<readonly string[]> {
  return (await Promise.all(people.map((person) => lookAt(person, state)))).flat();
}

test("the first screen, with and without an answer of the server", async () => {
  await all(({ page }) => page.goto(house.url));
  expect(await lookAtAll("first run")).toEqual([]);

  for (const person of people) person.expectOutage();
  house.network.cut();
  await all(({ page }) => page.getByRole("button", { name: "Enter the Saleroom" }).click());
  await all(({ page }) => page.getByText("No answer from the server").waitFor());
  expect(await lookAtAll("first run without a server")).toEqual([]);
  house.network.mend();
  for (const person of people) person.endOutage();
});

test("quiet: a site without requests says how to fill it, and then is live", async () => {
  await all(async (person) => {
    await comeIn(person, house.url);
    await waitForState(person, "live");
    await person.page.getByText("Fill it with a recorded day").waitFor();
  });
  expect(await lookAtAll("quiet")).toEqual([]);

  const requests = Array.from({ length: 400 }, (_, index) => ({
    visitor: `v${index % 90}`,
    path: `/page/${Math.floor(Math.sqrt(index))}`,
    status: [200, 304, 404, 500][index % 4] ?? 200,
  }));
  await postActivity(house.url, requests);
  await all(({ page }) => page.getByText("/page/19", { exact: true }).waitFor());
  expect(await lookAtAll("live")).toEqual([]);
});

test("the page about the house, the menu and an address that no room has", async () => {
  await all(async ({ page }) => {
    await page.getByRole("link", { name: "Saleroom" }).click();
    await page.getByRole("link", { name: "About the house" }).click();
    await page.getByRole("heading", { name: "About the house" }).waitFor();
  });
  expect(await lookAtAll("about")).toEqual([]);

  await all(async ({ page }) => {
    await page.locator(".person-button").click();
    await page.getByText("Opens a new tab").first().waitFor();
  });
  expect(await lookAtAll("menu")).toEqual([]);

  // The browser says itself that the page's status is 404.
  for (const person of people) person.complaints.length = 0;
  await all(async ({ page, complaints }) => {
    await page.goto(`${house.url}/nowhere`);
    await page.getByRole("heading", { name: "No such room" }).waitFor();
    expect(complaints.splice(0).every((complaint) => complaint.includes("404"))).toBe(true);
  });
  expect(await lookAtAll("missing")).toEqual([]);
});

test("loading: while the first numbers are under way the page stands at its final size", async () => {
  await all(async ({ page }) => {
    const arrived = page.waitForResponse(/control-room-[\w-]+\.js/);
    await page.goto(house.url);
    await (await arrived).finished();
    await page.getByRole("heading", { name: "Tonight’s lots" }).waitFor();
  });

  house.network.hold();
  await all(async (person) => {
    // The page's clock stands, or this state would be over after two seconds.
    await person.page.clock.setFixedTime(Date.now());
    await person.page.getByRole("navigation").getByRole("link", { name: "Control room" }).click();
    await waitForState(person, "loading");
  });
  expect(await lookAtAll("loading")).toEqual([]);
  house.network.release();
  await all(async (person) => {
    await person.page.clock.setSystemTime(Date.now());
    await waitForState(person, "live");
  });
});

test("paused: the screen is held until it is let go", async () => {
  await all(async (person) => {
    await person.page.getByRole("button", { name: "Pause" }).click();
    await waitForState(person, "paused");
  });
  expect(await lookAtAll("paused")).toEqual([]);

  await all(async (person) => {
    await person.page.getByRole("button", { name: "Resume" }).click();
    await waitForState(person, "live");
  });
});

test("stale: a network that brings nothing is noticed after three seconds, and forgiven", async () => {
  house.network.hold();
  await all((person) => waitForState(person, "stale"));
  expect(await lookAtAll("stale")).toEqual([]);

  house.network.release();
  await all((person) => waitForState(person, "live"));
});

test("reconnecting: the page outlives its server, and goes on when there is one again", async () => {
  for (const person of people) person.expectOutage();
  await house.stop();
  await all((person) => waitForState(person, "reconnecting"));
  expect(await lookAtAll("reconnecting")).toEqual([]);

  await house.restart();
  await all(async (person) => {
    // The button would do the same, but the page's own try may come first and take it away.
    await person.page.evaluate("dispatchEvent(new Event('online'))");
    await waitForState(person, "live");
  });
  for (const person of people) person.endOutage();
  expect(await lookAtAll("live after a restart")).toEqual([]);
});

test("offline: a device without a network says so, and comes back by itself", async () => {
  for (const person of people) person.expectOutage();
  await all(({ context }) => context.setOffline(true));
  house.network.cut();
  await all((person) => waitForState(person, "offline"));
  expect(await lookAtAll("offline")).toEqual([]);

  house.network.mend();
  await all(({ context }) => context.setOffline(false));
  await all((person) => waitForState(person, "live"));
  for (const person of people) person.endOutage();
});

test("refused: a line that the server closed for good is not tried again, and the way out is shown", async () => {
  for (const channel of house.app.channels.members("control")) channel.close(4403, "not open to you");
  await all((person) => waitForState(person, "refused"));
  expect(await lookAtAll("refused")).toEqual([]);

  expect(house.app.channels.members("control")).toHaveLength(0);
  await all(async ({ page }) => {
    await page.getByRole("button", { name: "Come in again" }).click();
    await page.getByLabel("Your name").waitFor();
  });
});
