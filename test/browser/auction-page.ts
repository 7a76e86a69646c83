import type { Locator } from "playwright-core";
import { auction, ebaySteps, type EnglishTerms, type LiveTerms, type SecretTerms, type Terms } from "nexios/auction";
import type { House } from "./house.ts";
import type { Person } from "./person.ts";

/** Somebody who bids without a page. */
const eve = { id: "eve", name: "Eve" };

/** Terms of an English lot of the house's sale, a hundred euros to begin with; ten minutes unless told otherwise. */
export function englishTerms(number: number, title: string, others: Partial<EnglishTerms> = {}): EnglishTerms {
  const now = Date.now();
  const common = { title, about: "Sound, and complete.", currency: "EUR", opening: 100_00, opensAt: now, sale: { id: "main", number } };
  return { ...common, kind: "english", closesAt: now + 600_000, steps: ebaySteps, ...others };
}

/** What all kinds need, for terms of another kind. */
export function commonTerms(number: number, title: string): Omit<EnglishTerms, "kind" | "steps" | "extension"> {
  const { kind: _kind, steps: _steps, ...common } = englishTerms(number, title);
  return common;
}

/** Terms of a live lot. */
export function liveTerms(number: number, title: string): LiveTerms {
  const { closesAt: _end, ...common } = commonTerms(number, title);
  return { ...common, kind: "live", steps: ebaySteps };
}

/** Lists a lot as the house does. */
export async function listLot({ app }: House, lotId: string, terms: Terms, secret: SecretTerms = {}): Promise<void> {
  const outcome = await app.room(auction, { lotId }).call("list", { terms, secret });
  if (outcome.kind === "refused") throw new Error(`The lot is not listed: ${outcome.code}`);
}

/** Bids as somebody who need not look. */
export async function bidAs({ app }: House, lotId: string, euros: number, user = eve): Promise<void> {
  const outcome = await app.room(auction, { lotId }).call("bid", { maximum: euros * 100, currency: "EUR" }, { user });
  if (outcome.kind === "refused") throw new Error(`The bid is not taken: ${outcome.code}`);
}

/** Goes to a page of the app that one is in, and waits for its heading. */
export async function goTo({ page }: Person, house: House, path: string, heading: string): Promise<void> {
  await page.goto(house.url + path);
  await page.getByRole("heading", { name: heading, exact: true }).waitFor();
}

/** Where one writes a sum. */
export function sumField({ page }: Person): Locator {
  return page.locator(".bid-box .sum-field");
}

/** Writes a sum as a person does, and sends it. */
export async function bid(person: Person, sum: string): Promise<void> {
  await sumField(person).fill(sum);
  await sumField(person).press("Enter");
}

/** Types like a person: what moves because of that is no surprise to them. */
export async function typeSum(person: Person, text: string): Promise<void> {
  await sumField(person).focus();
  await person.page.keyboard.press("ControlOrMeta+A");
  await person.page.keyboard.type(text);
  await person.page.keyboard.press("Enter");
}

/** Waits until one is told that one stands so. */
export function waitForStanding({ page }: Person, standing: string): Promise<void> {
  return page.locator(`.standing[data-standing=${standing}]`).waitFor();
}

/** The large figures of a lot: its price, and its time. */
export async function figuresOf({ page }: Person): Promise<{ readonly price: string; readonly time: string }> {
  const [price = "", time = ""] = await page.locator(".board-figure").allInnerTexts();
  return { price, time };
}
