// @vitest-environment happy-dom
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createElement, type ReactElement } from "react";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../../src/react/page.fixture.ts";
import { Stage } from "../../src/react/stage.fixture.ts";
import { inboxRoom } from "./contract.ts";
import { Inboxes } from "./notifications.ts";
import { useInbox, type UseInboxOptions } from "./react.ts";
import { serveInbox } from "./serve-inbox.ts";

let stage: Stage;
let clock: ManualClock;
let folder: string;
let inbox: Inboxes;

beforeEach(async () => {
  clock = new ManualClock();
  folder = mkdtempSync(join(tmpdir(), "nexios-page-"));
  stage = await Stage.open(clock, [serveInbox({ categories: { outbid: {}, mention: {} } })], folder);
  inbox = new Inboxes(stage.app, undefined);
});

afterEach(async () => {
  await stage.close();
  rmSync(folder, { recursive: true });
});

function View({ now = 0, ...options }: UseInboxOptions & { readonly now?: number }): ReactElement {
  const { items, counts, hasMore, status, failure, inbox: whole, ...actions } = useInbox(options);
  const [first] = items;
  const shown = items.map(({ title, isRead }) => (isRead ? title : `*${title}`)).join(" ");
  const words = [
    status.kind,
    `${counts.unseen}/${counts.unread}/${counts.total}`,
    shown,
    ...(hasMore ? ["more"] : []),
    failure?.code ?? "",
    whole?.quiet?.zone ?? "",
  ];
  const buttons: Readonly<Record<string, () => unknown>> = {
    seen: actions.markSeen,
    all: actions.readAll,
    read: () => actions.read(first?.id ?? ""),
    unread: () => actions.unread(first?.id ?? ""),
    archive: () => actions.archive(first?.id ?? ""),
    back: () => actions.unarchive(first?.id ?? ""),
    past: () => actions.snooze(first?.id ?? "", now),
    quiet: () => actions.setQuiet({ from: "22:00", to: "06:00", zone: "Europe/Berlin" }),
    push: () => actions.addPush("Phone", { endpoint: "https://push.example/1", keys: { p256dh: "key", auth: "auth" } }),
  };
  return createElement(
    "div",
    null,
    createElement("p", null, words.filter((word) => word !== "").join(" ")),
    ...Object.entries(buttons).map(([name, onClick]) => createElement("button", { key: name, onClick: () => void onClick() }, name)),
  );
}

function notify(title: string, category = "outbid"): Promise<unknown> {
  return inbox.notify("ann", { category, title });
}

function open(options: UseInboxOptions & { readonly now?: number } = {}) {
  const visitor = stage.visit("ann");
  const page = stage.show(visitor, createElement(View, options));
  const text = (): string => page.textsOf("p")[0] ?? "";
  const shows = (expected: string): Promise<void> => until(() => text() === expected);
  return { visitor, page, shows, text };
}

test("a page shows one's own inbox, the newest first, and follows what comes and what is done on other devices", async () => {
  await notify("one");
  const [phone, laptop] = [open(), open()];
  await phone.shows("live 1/1/1 *one");

  await notify("two");
  await phone.shows("live 2/2/2 *two *one");
  phone.page.click("seen");
  await phone.shows("live 0/2/2 *two *one");
  await laptop.shows("live 0/2/2 *two *one");
  laptop.page.click("read");

  await phone.shows("live 0/1/2 two *one");
  await laptop.shows("live 0/1/2 two *one");
  expect(laptop.text()).toBe(phone.text());
});

test("what is done shows at once, without a connection too, and is done when there is one", async () => {
  await notify("one");
  await notify("two");
  const phone = open();
  await phone.shows("live 2/2/2 *two *one");
  phone.visitor.cut();
  await phone.shows("stale 2/2/2 *two *one");

  phone.page.click("archive");
  await phone.shows("stale 1/1/1 *one");
  phone.page.click("all");
  await phone.shows("stale 0/0/1 one");
  const before = (await stage.app.room(inboxRoom, { userId: "ann" }).state()).counts.unread;
  phone.visitor.mend();
  // The first wait for another try is no longer.
  await phone.visitor.clock.advance(500);

  await until(() => phone.visitor.client.status.pendingCalls === 0);
  await phone.shows("live 0/0/1 one");
  expect(before).toBe(2);
  expect((await stage.app.room(inboxRoom, { userId: "ann" }).state()).counts).toMatchObject({ unseen: 0, unread: 0, total: 1 });
});

test("who marks all as read while others arrive leaves those unread, on all devices", async () => {
  await notify("one");
  const [phone, laptop] = [open(), open()];
  await Promise.all([phone, laptop].map(({ shows }) => shows("live 1/1/1 *one")));
  phone.visitor.cut();
  await phone.shows("stale 1/1/1 *one");
  await notify("two");
  await notify("three");

  phone.page.click("all");
  phone.visitor.mend();
  // The first wait for another try is no longer.
  await phone.visitor.clock.advance(500);

  await phone.shows("live 2/2/3 *three *two one");
  await laptop.shows("live 2/2/3 *three *two one");
  expect(laptop.text()).toBe(phone.text());
});

test("a page with a category and a limit shows so many of that, with the category's counts, and marks no other", async () => {
  for (const title of ["one", "two", "three"]) await notify(title);
  await notify("other", "mention");
  const page = open({ category: "outbid", limit: 2 });
  await page.shows("live 3/3/3 *three *two more");

  page.page.click("all");

  await page.shows("live 0/0/3 three two more");
  await until(() => page.visitor.client.status.pendingCalls === 0);
  expect((await stage.app.room(inboxRoom, { userId: "ann" }).state()).counts).toMatchObject({ unread: 1, total: 4 });
});

test("what was archived is in the archive, and comes back from there", async () => {
  await notify("one");
  const visitor = stage.visit("ann");
  const page = stage.show(visitor, createElement("div", null, createElement(View), createElement(View, { folder: "archive" })));
  const [list, archive] = [0, 1].map((index) => (text: string) => until(() => page.textsOf("p")[index] === text));
  await list?.("live 1/1/1 *one");

  page
    .all("button")
    .find(({ textContent }) => textContent === "archive")
    ?.click();
  await archive?.("live 0/0/0 *one");
  const away = page.textsOf("p")[0];
  page
    .all("button")
    .findLast(({ textContent }) => textContent === "back")
    ?.click();
  await list?.("live 1/1/1 *one");

  expect(away).toBe("live 0/0/0");
});

test("a device that has shown it says so once, however many views of one page there are; so nothing is pushed", async () => {
  const visitor = stage.visit("ann");
  const page = stage.show(visitor, createElement("div", null, createElement(View), createElement(View)));
  await until(() => page.textsOf("p").every((text) => text === "live 0/0/0"));

  await notify("one");

  const room = stage.app.room(inboxRoom, { userId: "ann" });
  await until(() => page.textsOf("p").every((text) => text === "live 1/1/1 *one") && visitor.client.status.pendingCalls === 0);
  expect((await room.state()).items).toMatchObject([{ isReceived: true, isSeen: false, steps: [] }]);
  expect(visitor.sent.filter((frame) => frame.includes('"received"'))).toHaveLength(1);
});

test("what comes to nothing says why, shows as it was, and is forgotten with the next", async () => {
  await notify("one");
  const page = open({ now: clock.now() });
  await page.shows("live 1/1/1 *one");

  page.page.click("past");
  await page.shows("live 1/1/1 *one PAST");
  page.page.click("push");
  await page.shows("live 1/1/1 *one NOT_SERVED");
  page.page.click("quiet");

  await page.shows("live 1/1/1 *one Europe/Berlin");
  expect((await stage.app.room(inboxRoom, { userId: "ann" }).state()).quiet?.from).toBe("22:00");
});

test("another's inbox shows nothing, and says that it may not be seen", async () => {
  await notify("one");
  const visitor = stage.visit("bob");
  const page = stage.show(visitor, createElement(View, { userId: "ann" }));

  await until(() => page.textsOf("p")[0] === "refused 0/0/0");

  expect(visitor.received.join("")).not.toContain("one");
});
