import { NexiosApp } from "nexios";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addInbox } from "./notifications.ts";
import type { SendOutcome } from "./sender.ts";
import { addSending } from "./sending.ts";
import { mail, PaperSender, phone, SendingHouse } from "./sending.fixture.ts";

let house: SendingHouse;

beforeEach(() => {
  house = new SendingHouse();
});

afterEach(() => house.close());

const away: SendOutcome = { kind: "later", error: "away" };
const hourMs = 3_600_000;

test("what comes due is sent once to each endpoint of its channel, and each is reported", async () => {
  const [push, email] = [new PaperSender(() => ({ kind: "sent", providerId: "p7" })), new PaperSender()];
  await house.open({ push, email });
  for (const endpoint of [phone("phone"), phone("desk"), mail]) await house.inbox.addEndpoint("ann", endpoint);

  const { id } = await house.notify({ body: "A clock", link: "/lots/7", data: { lot: 7 }, collapseKey: "lot-7" });
  await house.until(async () => expect(await house.reports("push")).toHaveLength(2));

  expect(push.sent.toSorted()).toEqual([`${id}-push to desk`, `${id}-push to phone`]);
  expect(push.given[0]?.outgoing).toMatchObject({
    userId: "ann",
    title: "Somebody has bid more",
    body: "A clock",
    link: "/lots/7",
    data: { lot: 7 },
    count: 1,
  });
  const [item] = (await house.room().state()).items;
  expect(item?.deliveries[0]?.attempts).toMatchObject([
    { status: "sent", attempt: 1, providerId: "p7" },
    { status: "sent", attempt: 1 },
  ]);
  expect(email.sent).toEqual([]);
  await house.untilMailIsDue();
  await house.until(async () => expect(await house.reports("email")).toEqual(["mail sent"]));
  expect(email.sent).toEqual([`${id}-email to ann@example.com`]);
  expect(push.sent).toHaveLength(2);
});

test("another try goes only to endpoints that have none behind them, under the same id, and counts on", async () => {
  const push = new PaperSender((to, count) => (to === "desk" && count < 3 ? away : { kind: "sent" }));
  await house.open({ push });
  for (const endpoint of [phone("phone"), phone("desk")]) await house.inbox.addEndpoint("ann", endpoint);

  const { id } = await house.notify();
  await house.until(async () => expect(await house.reports("push")).toHaveLength(2));

  expect(push.sent.toSorted()).toEqual([...Array.from({ length: 3 }, () => `${id}-push to desk`), `${id}-push to phone`]);
  const [item] = (await house.room().state()).items;
  expect(item?.deliveries[0]?.attempts.map(({ status, attempt }) => [status, attempt])).toEqual([
    ["sent", 1],
    ["sent", 3],
  ]);
});

test("what a sender throws is tried again too, and an endpoint that is gone is removed", async () => {
  const push = new PaperSender((_to, count) => {
    if (count === 1) throw new Error("broken");
    return { kind: "gone" };
  });
  await house.open({ push });
  await house.inbox.addEndpoint("ann", phone("phone"));

  await house.notify();
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone gone"]));

  expect((await house.room().state()).endpoints).toEqual([]);
});

test("what was seen meanwhile is dropped, and says why", async () => {
  const push = new PaperSender(() => away);
  await house.open({ push });
  await house.inbox.addEndpoint("ann", phone("phone"));
  const { id } = await house.notify();
  await house.until(() => expect(push.sent).not.toEqual([]));

  await house.room().call("seen", { upTo: Number(id) }, { user: { id: "ann", name: "Ann" } });
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone dropped: seen"]));

  const tries = push.sent.length;
  await house.until(async () => expect((await house.app.subscriptions.lag()).map(({ entries }) => entries)).toEqual([0]));
  expect(push.sent).toHaveLength(tries);
});

test("what has expired meanwhile is not sent", async () => {
  const push = new PaperSender(() => away);
  await house.open({ push });
  await house.inbox.addEndpoint("ann", phone("phone"));
  await house.notify({ expiresAt: house.clock.now() + 5_000 });
  await house.until(() => expect(push.sent).not.toEqual([]));

  await house.until(async () => expect((await house.room().state()).items).toEqual([]));
  const tries = push.sent.length;
  await house.until(async () => expect((await house.app.subscriptions.lag()).map(({ entries }) => entries)).toEqual([0]));

  expect(push.sent.length - tries).toBeLessThanOrEqual(1);
  expect(push.given.every(({ outgoing }) => outgoing.expiresAt !== undefined)).toBe(true);
});

test("a provider that asks to wait is not asked before, and other endpoints do not wait for it", async () => {
  const at: number[] = [];
  const push = new PaperSender((to, count) => {
    if (to === "phone") at.push(house.clock.now());
    return to === "phone" && count === 1 ? { kind: "later", error: "429", retryAfterMs: 60_000 } : { kind: "sent" };
  });
  await house.open({ push });
  for (const endpoint of [phone("phone"), phone("desk")]) await house.inbox.addEndpoint("ann", endpoint);

  await house.notify();
  await house.until(async () => expect(await house.reports("push")).toEqual(["desk sent", "phone sent"]));

  expect(at).toHaveLength(2);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(60_000);
});

test("what its provider does not take in time has failed, and what waits behind it is sent then", async () => {
  const push = new PaperSender();
  const stubborn = new PaperSender((_to, count) => (push.given.length === 0 && count > 0 ? away : { kind: "sent" }));
  await house.open({ push: stubborn, email: push, pushGiveUpMs: 20_000 });
  for (const endpoint of [phone("phone"), mail]) await house.inbox.addEndpoint("ann", endpoint);

  await house.notify();
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone failed: away"]));

  expect(stubborn.sent.length).toBeGreaterThan(2);
  expect(await house.app.subscriptions.deadLetters("notifications-push")).toEqual([]);
});

test("mail does not wait for a push that is tried again", async () => {
  const email = new PaperSender();
  await house.open({ push: new PaperSender(() => away), email, pushGiveUpMs: 24 * hourMs });
  for (const endpoint of [phone("phone"), mail]) await house.inbox.addEndpoint("ann", endpoint);

  await house.notify();
  await house.untilMailIsDue();
  await house.until(async () => expect(await house.reports("email")).toEqual(["mail sent"]));

  expect(await house.reports("push")).toEqual([]);
});

test("what quiet hours find due and not sent is sent when they end, to those who have not got it, and nothing waits behind it", async () => {
  const push = new PaperSender((to) => (to === "desk" && isAway ? away : { kind: "sent" }));
  let isAway = true;
  await house.open({ push, pushGiveUpMs: hourMs });
  for (const endpoint of [phone("phone"), phone("desk")]) await house.inbox.addEndpoint("ann", endpoint);
  const ann = { user: { id: "ann", name: "Ann" } };
  const { id } = await house.notify();
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone sent"]));

  const minute = (ms: number): string => new Date(house.clock.now() + ms).toISOString().slice(11, 16);
  await house.room().call("quiet", { hours: { from: minute(0), to: minute(2 * hourMs), zone: "UTC" } }, ann);
  await house.until(async () => expect((await house.room().state()).items[0]?.steps).toMatchObject([{}, { channel: "push", heldUntil: expect.any(Number) }]));
  await house.until(async () => expect((await house.app.subscriptions.lag()).map(({ entries }) => entries)).toEqual([0]));
  isAway = false;
  const tries = push.sent.length;
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone sent", "desk sent"]), 60_000);

  expect(push.sent.slice(tries)).toEqual([`${id}-push to desk`]);
});

test("what a stop has cut off is sent after the start, under the same id, and not again where that was noted", async () => {
  const begun = Promise.withResolvers<void>();
  const first = new PaperSender((to) => {
    if (to === "phone") return { kind: "sent" };
    begun.resolve();
    return new Promise(() => undefined);
  });
  await house.open({ push: first });
  for (const endpoint of [phone("phone"), phone("desk")]) await house.inbox.addEndpoint("ann", endpoint);
  const { id } = await house.notify();
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone sent"]));
  await begun.promise;

  const second = new PaperSender();
  await house.open({ push: second });
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone sent", "desk sent"]));

  expect(second.sent).toEqual([`${id}-push to desk`]);
});

test("a digest is one message of those that nobody has seen, under a title of the app's", async () => {
  const push = new PaperSender();
  await house.open({ push, digestTitle: ({ category, count }) => `${count} of ${category}` });
  await house.inbox.addEndpoint("ann", phone("phone"));
  const seen = await house.notify({ category: "mention", title: "One" });
  await house.room().call("read", { ids: [seen.id] }, { user: { id: "ann", name: "Ann" } });
  for (const title of ["Two", "Three"]) await house.notify({ category: "mention", title });

  await house.until(async () => expect((await house.room().state()).digests).toEqual([]), 60_000);
  await house.until(async () => expect(await house.reports("push")).toEqual(["phone sent"]));

  const [{ outgoing } = { outgoing: undefined }] = push.given;
  expect(push.given).toHaveLength(1);
  expect(outgoing).toMatchObject({ title: "2 of mention", count: 2, delivery: "digest-1-push" });
  expect(outgoing?.digest?.map(({ title }) => title)).toEqual(["Three", "Two"]);
});

test("an endpoint that was sealed under another secret has failed", async () => {
  const push = new PaperSender();
  await house.open({ push });
  await house.inbox.addEndpoint("ann", phone("phone"));
  await house.open({ push }, { endpointSecret: "another secret of the tests, 32 letters" });

  await house.notify();

  await house.until(async () => expect(await house.reports("push")).toEqual(["phone failed: it was sealed under another secret"]));
  expect(push.sent).toEqual([]);
});

test("inboxes without a secret for endpoints can't be sent from, which is said at once", () => {
  const app = new NexiosApp();
  const inboxes = addInbox(app, { categories: {} });

  expect(() => addSending(app, inboxes, { email: new PaperSender() })).toThrow("give addInbox an endpointSecret");
  expect(() => addSending(app, inboxes, { push: new PaperSender() })).toThrow(TypeError);
});
