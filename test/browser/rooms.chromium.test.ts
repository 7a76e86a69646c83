import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { parseLine } from "../../commands/replay/access-log.ts";
import { type House, openHouse, postActivity } from "./house.ts";
import { comeIn, launchBrowser, openPerson, type Person, waitForState } from "./person.ts";

let browser: Browser;
let house: House;
let people: Person[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});

beforeEach(async () => {
  house = await openHouse();
});

afterEach(async () => {
  const complaints = people.flatMap((person) => person.complaints);
  for (const { context } of people) await context.close();
  people = [];
  await house.close();
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

afterAll(() => browser.close());

async function addPerson(): Promise<Person> {
  const person = await openPerson(browser);
  people.push(person);
  return person;
}

test("somebody new writes a name, stands in the header under it, and sees the control room live", async () => {
  const ann = await addPerson();

  await comeIn(ann, house.url, { path: "/", name: "Ann Lee" });
  await ann.page.locator(".person-name", { hasText: "Ann Lee" }).waitFor();
  await ann.page.getByRole("link", { name: "Control room" }).first().click();
  await waitForState(ann, "live");

  expect(await ann.page.title()).toBe("Control room · Saleroom");
  expect(await ann.page.evaluate("document.activeElement.textContent")).toBe("Control room");
});

test("the code of the control room is there before it is asked for, and is a script of its own", async () => {
  const ann = await addPerson();
  const scripts: string[] = [];
  ann.page.on("response", (response) => scripts.push(new URL(response.url()).pathname));

  const arrived = ann.page.waitForResponse(/control-room-[\w-]+\.js/);
  await ann.page.goto(house.url);
  await arrived;

  expect(scripts.filter((path) => /^\/assets\/control-room-.*\.js$/.test(path))).toHaveLength(1);
});

test("when the code of the control room does not arrive, the page says so and can be loaded again", async () => {
  const ann = await addPerson();
  ann.expectOutage();
  await ann.page.route(/control-room-/, (route) => route.abort());

  await comeIn(ann, house.url);
  const said = await ann.page.getByRole("alert").innerText();
  await ann.page.unroute(/control-room-/);
  await ann.page.getByRole("button", { name: "Load the page again" }).click();
  await waitForState(ann, "live");

  expect(said).toContain("did not arrive");
});

test("a person who comes or leaves changes the number of viewers for the others", async () => {
  const ann = await addPerson();
  const bob = await addPerson();
  await comeIn(ann, house.url);
  const viewers = ann.page.locator(".watching p .figure");
  await viewers.getByText("1", { exact: true }).waitFor();

  await comeIn(bob, house.url, { name: "Bob" });
  await viewers.getByText("2", { exact: true }).waitFor();
  const both = await ann.page.locator(".watching p .note").first().innerText();
  await bob.page.goto("about:blank");
  await viewers.getByText("1", { exact: true }).waitFor();

  expect(both).toBe("people look at this page, you among them");
  expect(await ann.page.locator(".watching p .note").first().innerText()).toBe("person looks at this page: you");
});

test("all viewers get the same frames, computed once, a second apart", async () => {
  const ann = await addPerson();
  const bob = await addPerson();
  const frames = new Map<Person, string[]>([
    [ann, []],
    [bob, []],
  ]);
  const enough = Promise.withResolvers<void>();
  for (const person of people) {
    person.page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const text = String(payload);
        frames.get(person)?.push(...(text.match(/\{"frame":\[[^\]]*\]/g) ?? []));
        if ([...frames.values()].every(({ length }) => length >= 3)) enough.resolve();
      }),
    );
  }

  await Promise.all([comeIn(ann, house.url), comeIn(bob, house.url)]);
  await enough.promise;

  const [first = [], second = []] = [...frames.values()];
  const common = first.filter((frame) => second.includes(frame));
  expect(common.length).toBeGreaterThanOrEqual(2);
  const steps = first.map((frame) => Number(/\d+/.exec(frame)?.[0]));
  expect(new Set(steps).size).toBe(first.length);
  expect(steps.at(-1)! - steps.at(-2)!).toBe(1);
});

test("lines of an access log show in the top pages, the live list and the number of people", async () => {
  const ann = await addPerson();
  await comeIn(ann, house.url);
  await waitForState(ann, "live");
  const lines = Array.from({ length: 30 }, (_, index) => {
    const path = index < 20 ? "/blog/geekery/xvfb.html?page=2" : "/images/cat%20one.jpg";
    return `10.0.0.${index % 12} - - [17/May/2015:10:05:${index + 10} +0000] "GET ${path} HTTP/1.1" ${index < 27 ? 200 : 404} 31 "-" "Mozilla/5.0"`;
  });
  const requests = lines.map(parseLine).filter((request) => request !== undefined);

  await postActivity(
    house.url,
    requests.map(({ at: _at, ...request }) => request),
  );
  const rows = ann.page.getByRole("list", { name: "Top pages" }).getByRole("listitem");
  await rows.first().getByText("/blog/geekery/xvfb.html").waitFor();

  expect(requests).toHaveLength(30);
  expect((await rows.allInnerTexts()).slice(0, 2).map((row) => row.split(/\s+/))).toEqual([
    ["/blog/geekery/xvfb.html", "20"],
    ["/images/cat%20one.jpg", "10"],
  ]);
  // Ann herself is the thirteenth.
  await ann.page.locator(".tile[data-tile=active] .figure", { hasText: "13" }).waitFor();
  expect(await ann.page.locator(".live li").count()).toBeGreaterThanOrEqual(30);
});

test("who opens the page as someone else is another person in another tab", async () => {
  const ann = await addPerson();
  await comeIn(ann, house.url);

  const opened = ann.context.waitForEvent("page");
  await ann.page.locator(".watching").getByRole("link", { name: "Open as someone else" }).click();
  const other = await opened;

  await other.getByLabel("Your name").waitFor();
  expect(other.url()).toBe(`${house.url}/control`);
});
