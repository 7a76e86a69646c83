import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bidAs, englishTerms, goTo, listLot } from "./auction-page.ts";
import { type House, openHouse } from "./house.ts";
import { lookAt } from "./look.ts";
import { comeIn, launchBrowser, openPerson, type Person } from "./person.ts";

// One person on two devices, a desk and a phone, and what is told to her there while others bid.

let browser: Browser;
let house: House;
let laptop: Person;
let phone: Person;
let ann: { readonly id: string; readonly name: string };
let lots = 0;

beforeAll(async () => {
  [browser, house] = await Promise.all([launchBrowser(), openHouse()]);
  [laptop, phone] = await Promise.all([openPerson(browser), openPerson(browser, { width: 390, colorScheme: "dark" })]);
  // Below the test's own, so that a failure says what it has waited for.
  for (const { page } of [laptop, phone]) page.setDefaultTimeout(15_000);
  await comeIn(laptop, house.url, { path: "/", name: "Ann" });
  const identity = await laptop.page.evaluate<string>("sessionStorage.getItem('saleroom.identity')");
  ann = { id: (JSON.parse(identity) as { readonly userId: string }).userId, name: "Ann" };
  // Another tab is another person, unless it knows who it is.
  await phone.page.addInitScript({ content: `sessionStorage.setItem("saleroom.identity", ${JSON.stringify(identity)})` });
  await phone.page.goto(`${house.url}/chat`);
  await both(({ page }) => bell(page).waitFor());
}, 60_000);

afterAll(async () => {
  await browser.close();
  await house.close();
});

function both<T>(act: (person: Person) => Promise<T>): Promise<[T, T]> {
  return Promise.all([act(laptop), act(phone)]);
}

/** The bell when it has its code, with so many new. */
function bell(page: Person["page"], count = 0): Locator {
  return page.locator(".bell-button[popovertarget]").filter({ hasText: new RegExp(`Notifications${count === 0 ? "$" : `: ${count} new`}`) });
}

function notice({ page }: Person, title: string): Locator {
  return page.locator(".notices .notice", { hasText: title });
}

/** Chooses among a few. The radio is as large as its label, and as invisible. */
function choose({ page }: Person, name: string): Promise<void> {
  return page.getByRole("radio", { name, exact: true }).check({ force: true });
}

async function lookAtBoth(state: string): Promise<readonly string[]> {
  return (await both((person) => lookAt(person, state))).flat();
}

/** Somebody takes the lead of a lot from Ann, who has bid elsewhere. */
async function outbidAnn(title: string): Promise<string> {
  const lotId = `lot-${++lots}`;
  await listLot(house, lotId, englishTerms(lots, title));
  await bidAs(house, lotId, 120, ann);
  await bidAs(house, lotId, 150);
  return lotId;
}

test("who is outbid is told on all devices at once: it pops up, and the bell has its number", async () => {
  await outbidAnn("Marine chronometer");

  await both(({ page }) => page.locator(".toast", { hasText: "Marine chronometer" }).waitFor());
  // It stays for as long as somebody points at it.
  await laptop.page.locator(".toast").hover();
  await both(({ page }) => bell(page, 1).waitFor());
  const said = await both(({ page }) => page.locator(".toasts output").innerText());

  expect(said).toEqual([
    "Outbid: Marine chronometer. The price is €122.50, the next bid €125.00.",
    "Outbid: Marine chronometer. The price is €122.50, the next bid €125.00.",
  ]);
  expect(await lookAtBoth("toast")).toEqual([]);
}, 30_000);

test("a pop-up goes when it is closed, and stays in the bell", async () => {
  await laptop.page.getByRole("button", { name: "Close: Marine chronometer" }).click();

  await laptop.page.locator(".toast").waitFor({ state: "detached" });
  expect(await bell(laptop.page, 1).count()).toBe(1);
});

test("what is looked at on one device is seen on the other, and what is opened there is read here", async () => {
  await bell(laptop.page, 1).click();
  await laptop.page.locator(".bell-list .notice", { hasText: "Marine chronometer" }).waitFor();
  await both(({ page }) => bell(page).waitFor());
  expect(await lookAt(laptop, "bell open")).toEqual([]);
  await bell(phone.page).click();
  const onPhone = phone.page.locator(".bell-list .notice", { hasText: "Marine chronometer" });
  expect(await onPhone.getAttribute("data-read")).toBe("false");
  expect(await lookAt(phone, "bell open")).toEqual([]);

  await laptop.page.keyboard.press("Tab");
  await laptop.page.keyboard.press("Tab");
  await laptop.page.keyboard.press("Enter");
  await laptop.page.getByRole("heading", { name: "Marine chronometer" }).waitFor();

  await phone.page.locator(".bell-list .notice[data-read=true]", { hasText: "Marine chronometer" }).waitFor();
  await phone.page.keyboard.press("Escape");
  expect(await phone.page.evaluate("document.activeElement?.className")).toBe("bell-button");
});

test("what comes while somebody marks all as read stays unread, and the list does not move under him", async () => {
  await outbidAnn("Album of ferns");
  await bell(laptop.page, 1).click();
  await laptop.page.locator(".bell-list .notice", { hasText: "Album of ferns" }).waitFor();
  await outbidAnn("Pair of stools");
  await laptop.page.getByRole("button", { name: "Show 1 new" }).waitFor();

  await laptop.page.getByRole("button", { name: "Mark all read" }).click();

  await laptop.page.locator(".bell-list .notice[data-read=true]", { hasText: "Album of ferns" }).waitFor();
  await both(({ page }) => bell(page, 1).waitFor());
  await laptop.page.getByRole("button", { name: "Show 1 new" }).click();
  await laptop.page.locator(".bell-list .notice[data-read=false]", { hasText: "Pair of stools" }).waitFor();
  await both(({ page }) => bell(page).waitFor());
  expect(await lookAt(laptop, "bell fresh")).toEqual([]);
  await laptop.page.keyboard.press("Escape");
}, 30_000);

test("the inbox has all of it: by kind, archived and back, put off and back, on both devices", async () => {
  await both((person) => goTo(person, house, "/inbox", "Notifications"));
  await both((person) => notice(person, "Pair of stools").waitFor());
  expect(await lookAtBoth("inbox")).toEqual([]);

  await laptop.page.getByRole("button", { name: "Archive: Pair of stools" }).click();
  await notice(laptop, "Pair of stools").waitFor({ state: "detached" });
  await notice(phone, "Pair of stools").getByText("Archived").waitFor();
  expect(await lookAtBoth("inbox archived")).toEqual([]);
  await laptop.page.getByRole("button", { name: "Undo" }).click();
  await both((person) => notice(person, "Pair of stools").locator("time").waitFor());
  await phone.page.locator(".notice-gone").waitFor({ state: "detached" });

  await phone.page.getByRole("button", { name: "Put off or mute: Album of ferns" }).click();
  expect(await lookAt(phone, "inbox more")).toEqual([]);
  await phone.page.getByRole("button", { name: "1 hour: Album of ferns" }).click();
  await notice(laptop, "Album of ferns").getByText("Snoozed").waitFor();
  await choose(phone, "Put off");
  await notice(phone, "Album of ferns").waitFor();
  await phone.page.getByRole("button", { name: "Back at once: Album of ferns" }).click();
  await phone.page.getByText("Nothing is put off.").waitFor();
  await choose(phone, "Mentions");
  await choose(phone, "Inbox");
  await phone.page.getByText("Nothing of this kind.").waitFor();
  expect(await lookAt(phone, "inbox empty")).toEqual([]);
}, 45_000);

test("the list goes by keys alone: arrows, E to archive, U to mark as unread; the focus is not lost", async () => {
  await goTo(laptop, house, "/inbox", "Notifications");
  const first = notice(laptop, "Pair of stools").getByRole("link");
  await first.focus();

  await laptop.page.keyboard.press("ArrowDown");
  const second = await laptop.page.evaluate("document.activeElement?.textContent");
  await laptop.page.keyboard.press("ArrowUp");
  await laptop.page.keyboard.press("u");
  await laptop.page.locator(".notices .notice[data-read=true]", { hasText: "Pair of stools" }).waitFor();
  await laptop.page.keyboard.press("u");
  await laptop.page.locator(".notices .notice[data-read=false]", { hasText: "Pair of stools" }).waitFor();
  await laptop.page.keyboard.press("e");
  await notice(laptop, "Pair of stools").waitFor({ state: "detached" });

  expect(await laptop.page.evaluate("document.activeElement?.textContent")).toBe(second);
  expect(await lookAt(laptop, "inbox by keys")).toEqual([]);
});

test("what comes while somebody looks at the inbox waits to be asked for: nothing jumps", async () => {
  await outbidAnn("Night lamp");

  await laptop.page.getByRole("button", { name: "Show 1 new" }).waitFor();
  expect(await lookAt(laptop, "inbox fresh")).toEqual([]);
  await laptop.page.getByRole("button", { name: "Show 1 new" }).click();

  await notice(laptop, "Night lamp").waitFor();
  expect(await laptop.page.locator(".toast").count()).toBe(0);
}, 30_000);

test("without a connection what is done shows, waits, and takes effect on the other device when it is back", async () => {
  laptop.expectOutage();
  phone.expectOutage();
  house.network.cut();
  await laptop.page.locator(".banner").getByText("cut").waitFor();

  await laptop.page.getByRole("button", { name: "Archive: Night lamp" }).click();
  await notice(laptop, "Night lamp").waitFor({ state: "detached" });
  expect(await lookAt(laptop, "inbox offline")).toEqual([]);
  await choose(phone, "Archive");
  await choose(phone, "All");
  house.network.mend();

  await phone.page.getByRole("button", { name: "Show 1 new" }).click();
  await notice(phone, "Night lamp").waitFor();
  await both(({ page }) => page.locator(".freshness[data-old=false]").waitFor());
  laptop.endOutage();
  phone.endOutage();
}, 45_000);

test("what is turned off does not pop up any more, and is in the bell all the same", async () => {
  await both((person) => goTo(person, house, "/inbox/preferences", "Notification preferences"));
  await both(({ page }) => page.getByLabel("Outbid: On the page").waitFor());
  expect(await lookAtBoth("preferences")).toEqual([]);

  await phone.page.getByLabel("Outbid: On the page").selectOption("off");
  await laptop.page
    .locator("select", { has: laptop.page.locator("option[value=off]:checked") })
    .first()
    .waitFor();
  await outbidAnn("Concertina");
  await both(({ page }) => bell(page, 1).waitFor());

  expect(await both(({ page }) => page.locator(".toast").count())).toEqual([0, 0]);
  await phone.page.getByLabel("Outbid: On the page").selectOption("on");
  await outbidAnn("Harbour drawing");
  await both(({ page }) => page.locator(".toast", { hasText: "Harbour drawing" }).waitFor());
}, 45_000);

test("quiet hours are kept with their time zone, and muted lots can be heard again", async () => {
  await laptop.page.getByLabel("Keep quiet hours").check();
  await laptop.page.getByLabel("From").fill("21:30");
  await laptop.page.getByLabel("Time zone").selectOption("Europe/Berlin");
  await laptop.page.getByRole("button", { name: "Save" }).click();
  await laptop.page.getByText("Saved.").waitFor();
  await phone.page.locator("input[type=time][value='21:30']").waitFor();

  await goTo(phone, house, "/inbox", "Notifications");
  await phone.page.getByRole("button", { name: "Put off or mute: Concertina" }).click();
  await phone.page.getByRole("button", { name: "Mute for a week: Concertina" }).click();
  await laptop.page.getByRole("button", { name: "Unmute: Concertina" }).waitFor();
  expect(await lookAt(laptop, "preferences full")).toEqual([]);
  await laptop.page.getByRole("button", { name: "Unmute: Concertina" }).click();

  await laptop.page.getByText("Nothing is muted.").waitFor();
  expect(await laptop.page.getByLabel("Time zone").inputValue()).toBe("Europe/Berlin");
}, 30_000);

test("who follows a lot without a bid is told that its last minutes begin; its page stays as it is", async () => {
  await listLot(house, "followed", englishTerms(90, "Field telescope"));
  await both((person) => goTo(person, house, "/lots/followed", "Field telescope"));
  await laptop.page.locator("[aria-pressed=false][aria-disabled=false]", { hasText: "Remind me" }).click();
  await phone.page.locator("[aria-pressed=true]", { hasText: "Remind me" }).waitFor();
  expect(await lookAtBoth("lot followed")).toEqual([]);
  const closesAt = Date.now() + 300_000;

  await listLot(house, "followed", englishTerms(90, "Field telescope", { closesAt }));

  await both(({ page }) => page.locator(".toast", { hasText: "Field telescope" }).getByText("Closing soon").waitFor());
  expect(await lookAtBoth("lot closing")).toEqual([]);
}, 30_000);

test("what is pushed is shown by the system, and a click on it leads a page of the house there", async () => {
  const { page, context } = laptop;
  await context.grantPermissions(["notifications"], { origin: house.url });
  await page.evaluate("navigator.serviceWorker.register('/push-worker.js').then(() => navigator.serviceWorker.ready).then(() => undefined)");
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent("serviceworker"));
  const payload = { id: "1-push", title: "Field telescope", body: "It closes in a few minutes.", link: "/lots/followed", priority: "high", at: Date.now() };

  const shown = await worker.evaluate(`(async () => {
    const waits = [];
    const push = new PushEvent("push", { data: ${JSON.stringify(JSON.stringify(payload))} });
    push.waitUntil = (promise) => waits.push(promise);
    dispatchEvent(push);
    await Promise.all(waits);
    return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, data }));
  })()`);
  await goTo(laptop, house, "/chat", "Chat");
  await bell(page).or(page.locator(".bell-badge")).first().waitFor();
  await worker.evaluate(`(async () => {
    const [notification] = await registration.getNotifications();
    dispatchEvent(new NotificationEvent("notificationclick", { notification }));
  })()`);

  await page.getByRole("heading", { name: "Field telescope" }).waitFor();
  expect(shown).toEqual([{ title: "Field telescope", body: "It closes in a few minutes.", tag: "1-push", data: { link: "/lots/followed" } }]);
}, 30_000);

test("in a window of 320 px nothing is wider than it, in the list, the inbox and the preferences", async () => {
  await phone.page.setViewportSize({ width: 320, height: 700 });
  await goTo(phone, house, "/inbox", "Notifications");
  await phone.page.locator(".notices .notice").first().waitFor();
  await phone.page
    .getByRole("button", { name: /^Put off or mute/ })
    .first()
    .click();
  const inbox = await lookAt(phone, "inbox narrow");
  await phone.page.locator(".bell-button[popovertarget]").click();
  await phone.page.locator(".bell-list .notice").first().waitFor();
  const list = await lookAt(phone, "bell narrow");
  await goTo(phone, house, "/inbox/preferences", "Notification preferences");
  await phone.page.getByLabel("Outbid: Push").waitFor();

  expect([...inbox, ...list, ...(await lookAt(phone, "preferences narrow"))]).toEqual([]);
}, 30_000);
