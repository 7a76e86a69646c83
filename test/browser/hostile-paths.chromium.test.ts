import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type House, openHouse, postActivity } from "./house.ts";
import { comeIn, launchBrowser, openPerson, waitForState } from "./person.ts";

const paths = [
  `/<img src=x onerror="window.hit=1">`,
  `/"><script>window.hit=2</script>`,
  "javascript:window.hit=3",
  "/\u202Egnp.exe\u2066\u200F",
  "/nul\u0000\u0007\u001B[31m\ttab",
  `/${"long".repeat(500)}`,
  `/${"\u0301".repeat(300)}`,
  "/%3Cimg%20src=x%20onerror=window.hit=4%3E",
  "/قائمة/日本語/🦉",
];
/** A path with control characters is none: it is refused at the door. */
const shownPaths = paths.filter((path) => !/\p{Cc}/u.test(path));
let browser: Browser;
let house: House;

beforeAll(async () => {
  browser = await launchBrowser();
  house = await openHouse();
  await postActivity(
    house.url,
    paths.flatMap((path, rank) => Array.from({ length: paths.length + 9 - rank }, () => ({ path, visitor: `<b>${rank}</b>` }))),
  );
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

interface Row {
  readonly text: string;
  readonly elements: readonly string[];
  readonly height: number;
  readonly isCountInside: boolean;
}

const readRows = `[...document.querySelector(".top").querySelectorAll("li")].map((row) => {
  const box = row.getBoundingClientRect();
  const path = row.querySelector(".top-name").getBoundingClientRect();
  const count = row.querySelector(".top-count").getBoundingClientRect();
  return {
    text: row.querySelector("bdi").textContent,
    elements: [...row.querySelectorAll("*")].map(({ localName }) => localName),
    height: box.height,
    isCountInside: count.right <= box.right && count.left >= path.right,
  };
})`;

for (const width of [1280, 390]) {
  test(`paths that strangers wrote are text and keep their rows at ${width} px`, async () => {
    const ann = await openPerson(browser, { width });
    await comeIn(ann, house.url);
    await waitForState(ann, "live");
    await ann.page
      .locator(".top")
      .first()
      .locator(".top-name")
      .nth(shownPaths.length - 1)
      .waitFor();

    const rows = await ann.page.evaluate<Row[]>(readRows);

    expect(rows.slice(0, shownPaths.length).map(({ text }) => text)).toEqual(shownPaths.map((path) => path.slice(0, 256)));
    for (const row of rows) {
      expect(row).toMatchObject({ elements: ["span", "span", "bdi", "span"], height: 28, isCountInside: true });
    }
    expect(await ann.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(await ann.page.evaluate("[window.hit, witness.violations, witness.shift]")).toEqual([undefined, [], 0]);
    expect(ann.complaints).toEqual([]);
    await ann.context.close();
  });
}

test("an address and a name that are markup are text as well", async () => {
  const ann = await openPerson(browser);
  await comeIn(ann, house.url, { path: "/", name: "<img src=x onerror=hit=5>" });
  await ann.page.locator(".person-name", { hasText: "<img src=x onerror=hit=5>" }).waitFor();

  await ann.page.goto(`${house.url}/%3Cimg%20src=x%20onerror=hit=6%3E`);
  await ann.page.getByRole("heading", { name: "No such room" }).waitFor();

  expect(await ann.page.locator("main").innerText()).toContain("img src=x");
  expect(await ann.page.evaluate("[document.images.length, window.hit, witness.violations]")).toEqual([0, undefined, []]);
  await ann.context.close();
});
