import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NexiosApp, PermanentFailure } from "nexios";
import { ManualClock } from "nexios/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inboxRoom, type NewEndpoint } from "./contract.ts";
import { addInbox, type Inboxes } from "./notifications.ts";
import type { InboxOptions } from "./serve-inbox.ts";

let folder: string;
let clock: ManualClock;
let app: NexiosApp;
let inbox: Inboxes;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-inbox-"));
  clock = new ManualClock();
  open();
});

afterEach(async () => {
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true });
});

function open(options: Partial<InboxOptions> = {}): void {
  app = new NexiosApp({ clock, rooms: { folder } });
  inbox = addInbox(app, { categories: { outbid: { email: "on" }, mention: {} }, endpointSecret: "a secret of the tests, 32 letters long", ...options });
}

async function reopen(options: Partial<InboxOptions> = {}): Promise<void> {
  await app.stop({ deadlineMs: 200 });
  open(options);
}

const ann = { user: { id: "ann", name: "Ann" } };
const bob = { user: { id: "bob", name: "Bob" } };
const bid = { category: "outbid", title: "Somebody has bid more" };
const phone: NewEndpoint = {
  channel: "push",
  label: "Phone",
  subscription: { endpoint: "https://push.example/secret-way", keys: { p256dh: "BKEY", auth: "AUTH" } },
};

function roomOf(userId: string) {
  return app.room(inboxRoom, { userId });
}

test("a notification is in the inbox of whom it is for, after a restart too", async () => {
  const { id, isNew } = await inbox.notify("ann", { ...bid, link: "/lots/7", data: { lot: 7 } });
  await reopen();

  const state = await roomOf("ann").state();

  expect(isNew).toBe(true);
  expect(state.items).toMatchObject([{ id, ...bid, link: "/lots/7", data: { lot: 7 }, priority: "normal", count: 1, isSeen: false }]);
  expect(state.counts).toMatchObject({ unseen: 1, byCategory: [{ category: "outbid", unread: 1 }] });
  expect((await roomOf("bob").state()).items).toEqual([]);
});

test("quiet hours are those that were set last, and end when they are taken away", async () => {
  const set = (hours: { from: string; to: string; zone: string } | null) => roomOf("ann").call("quiet", { hours }, ann);
  const seen: unknown[] = [];

  for (const zone of ["UTC", "Europe/Berlin"]) {
    await set({ from: "22:00", to: "06:00", zone });
    seen.push((await roomOf("ann").state()).quiet?.zone);
  }
  await set(null);

  expect([...seen, (await roomOf("ann").state()).quiet]).toEqual(["UTC", "Europe/Berlin", undefined]);
});

test("the same key a thousand times, many at once and over a restart, is one notification", async () => {
  const once = { producer: "auction", idempotencyKey: "bid 7" };
  const notifySome = (count: number) => Promise.all(Array.from({ length: count }, () => inbox.notify("ann", bid, once)));

  const told = await notifySome(500);
  await reopen();
  told.push(...(await notifySome(500)));

  expect(told.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  expect((await roomOf("ann").state()).count).toBe(1);
  expect((await inbox.notify("ann", bid, { ...once, producer: "chat" })).isNew).toBe(true);
  expect(JSON.stringify(await roomOf("ann").state())).not.toContain("bid 7");
});

test("only its owner is in an inbox, and only the server writes notifications, reports and erases", async () => {
  await inbox.notify("ann", bid);

  await expect(roomOf("ann").call("read", { ids: ["1"] }, bob)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(await roomOf("ann").call("create", bid, ann)).toMatchObject({ code: "FORBIDDEN" });
  expect(await roomOf("ann").call("delivered", { delivery: "1-push", endpoint: "e", status: "sent", attempt: 1 }, ann)).toMatchObject({ code: "FORBIDDEN" });
  expect(await roomOf("ann").call("erase", undefined, ann)).toMatchObject({ code: "FORBIDDEN" });
  expect(await roomOf("ann").call("read", { ids: ["1"] }, ann)).toMatchObject({ kind: "accepted" });
});

test("a category that is none, and what has expired before it came, is refused by code, and a subscription makes no other try of it", async () => {
  const unknown = inbox.notify("ann", { ...bid, category: "toString" });
  await expect(unknown).rejects.toThrow("UNKNOWN_CATEGORY");
  await expect(unknown).rejects.toMatchObject({ name: "InboxRefused", code: "UNKNOWN_CATEGORY", data: { category: "toString" } });
  await expect(unknown).rejects.toBeInstanceOf(PermanentFailure);
  await expect(inbox.notify("ann", { ...bid, expiresAt: clock.now() })).rejects.toMatchObject({ code: "EXPIRED_BEFORE", data: { expiresAt: clock.now() } });
  await expect(inbox.notify("ann", { ...bid, title: "" })).rejects.toMatchObject({ code: "INVALID_MESSAGE" });
  expect(await roomOf("ann").call("prefer", { category: "toString", channel: "push", choice: "off" }, ann)).toMatchObject({ code: "UNKNOWN_CATEGORY" });
});

test("what changes nothing appends nothing", async () => {
  await inbox.notify("ann", bid);
  const calls = async (): Promise<number> => {
    const room = roomOf("ann");
    await room.call("received", { upTo: 1 }, ann);
    await room.call("seen", { upTo: 1 }, ann);
    await room.call("readAll", { upTo: 1 }, ann);
    await room.call("read", { ids: ["1", "nowhere"] }, ann);
    await room.call("archive", { ids: ["1"] }, ann);
    await room.call("mute", { thread: "lot-1", until: null }, ann);
    await room.call("prefer", { category: "outbid", channel: "push", choice: null }, ann);
    await room.call("removeEndpoint", { id: "nowhere" }, ann);
    await room.call("quiet", { hours: { from: "22:00", to: "06:00", zone: "UTC" } }, ann);
    return (await room.state()).count;
  };

  const first = await calls();

  expect([first, await calls()]).toEqual([6, 6]);
});

test("a time to snooze or to mute lies ahead, and not too far", async () => {
  await inbox.notify("ann", bid);
  const now = clock.now();
  const latest = now + 366 * 86_400_000;
  const snooze = (until: number) => roomOf("ann").call("snooze", { ids: ["1"], until }, ann);
  const mute = (until: number) => roomOf("ann").call("mute", { thread: "lot-1", until }, ann);

  expect([await snooze(now), await mute(now)]).toMatchObject([{ code: "PAST" }, { code: "PAST" }]);
  expect([await snooze(latest + 1), await mute(latest + 1)]).toMatchObject([{ code: "TOO_FAR", data: { latest } }, { code: "TOO_FAR" }]);
  expect([await snooze(latest), await mute(latest)]).toMatchObject([{ kind: "accepted" }, { kind: "accepted" }]);
});

test("past the limit a thread is not muted and an endpoint not added; what is over makes room", async () => {
  await reopen({ limits: { mutes: 1, endpoints: 1 } });
  const room = roomOf("ann");
  const until = clock.now() + 1_000;
  await room.call("mute", { thread: "lot-1", until }, ann);
  const added = await room.call("addEndpoint", phone, ann);

  expect(await room.call("mute", { thread: "lot-2", until }, ann)).toMatchObject({ code: "TOO_MANY_MUTES", data: { limit: 1 } });
  expect(await room.call("mute", { thread: "lot-1", until: until + 1 }, ann)).toMatchObject({ kind: "accepted" });
  await clock.advance(1_001);
  expect(await room.call("mute", { thread: "lot-2", until: clock.now() + 1 }, ann)).toMatchObject({ kind: "accepted" });
  expect(await room.call("addEndpoint", { ...phone, subscription: { ...phone.subscription, endpoint: "https://push.example/2" } }, ann)).toMatchObject({
    code: "TOO_MANY_ENDPOINTS",
    data: { limit: 1 },
  });
  expect(await room.call("addEndpoint", phone, ann)).toMatchObject({ result: added.kind === "accepted" ? added.result : {} });
});

test("an endpoint's secrets are for the server alone: not in the state, not in the entries, not in the file, not in another's inbox", async () => {
  await roomOf("ann").call("addEndpoint", phone, ann);
  await roomOf("bob").call("addEndpoint", phone, bob);
  const mail = await inbox.addEndpoint("ann", { channel: "email", label: "Mail", address: "ann@example.com" });
  const [state, bobs] = [await roomOf("ann").state(), await roomOf("bob").state()];
  const shown = JSON.stringify([state, bobs, await roomOf("ann").entries(0, 10)]);
  const opened = await inbox.endpoints("ann");
  await reopen({ endpointSecret: "another secret of the tests, 32 letters" });

  expect(shown).not.toMatch(/secret-way|BKEY|AUTH|example\.com/);
  expect(shown).toContain("Phone");
  expect(bobs.endpoints[0]?.sealed).not.toBe(state.endpoints[0]?.sealed);
  expect(opened).toEqual([
    { id: state.endpoints[0]?.id, channel: "push", secret: { subscription: phone.subscription } },
    { id: mail, channel: "email", secret: { address: "ann@example.com" } },
  ]);
  expect(await inbox.endpoints("ann")).toEqual([]);
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file), "latin1")).not.toMatch(/secret-way|ann@example/);
});

test("nobody can have mail sent to an address that the server does not know to be his; without a secret there are no endpoints", async () => {
  expect(await roomOf("ann").call("addEndpoint", { channel: "email", label: "Mail", address: "bob@example.com" }, ann)).toMatchObject({ code: "FORBIDDEN" });
  await app.stop({ deadlineMs: 200 });
  app = new NexiosApp({ clock, rooms: { folder } });
  const silent = addInbox(app, { categories: {} });

  expect(await roomOf("ann").call("addEndpoint", phone, ann)).toMatchObject({ code: "NOT_SERVED" });
  await expect(silent.addEndpoint("ann", phone)).rejects.toMatchObject({ name: "InboxRefused", code: "NOT_SERVED" });
  expect(() => addInbox(new NexiosApp(), { categories: {}, endpointSecret: "short" })).toThrow("at least 32");
});

test("a step that comes due is an entry, what came of it stands with the notification, and an endpoint that is gone is removed", async () => {
  const added = await roomOf("ann").call("addEndpoint", phone, ann);
  const endpoint = added.kind === "accepted" ? added.result.id : "";
  const { id } = await inbox.notify("ann", bid);
  const due = new Promise<void>((resolve) => {
    void roomOf("ann").watch(async () => {
      const entries = await roomOf("ann").entries(0, 10);
      if (entries.some(({ value }) => value.kind === "due")) resolve();
    });
  });
  await clock.advance(2_000);
  await due;
  const delivery = `${id}-push`;

  const told = [
    await inbox.delivered("ann", { delivery, endpoint, status: "failed", attempt: 1, error: "503" }),
    await inbox.delivered("ann", { delivery, endpoint, status: "failed", attempt: 1, error: "503" }),
    await inbox.delivered("ann", { delivery, endpoint, status: "gone", attempt: 2 }),
    await inbox.delivered("ann", { delivery: "99-push", endpoint, status: "sent", attempt: 1 }),
  ];

  const state = await roomOf("ann").state();
  expect(told).toEqual([true, true, true, false]);
  expect(state.items[0]?.deliveries).toMatchObject([
    { id: delivery, channel: "push", attempts: [{ status: "failed", attempt: 1, error: "503" }, { status: "gone" }] },
  ]);
  expect(state.endpoints).toEqual([]);
});

test("a delivery shows its newest twenty attempts", async () => {
  const { id } = await inbox.notify("ann", bid);
  await roomOf("ann").call("addEndpoint", phone, ann);
  await clock.advance(2_000);
  const delivery = `${id}-push`;
  while (!(await inbox.delivered("ann", { delivery, endpoint: "e", status: "failed", attempt: 1 }))) await new Promise((resolve) => setImmediate(resolve));

  for (let attempt = 2; attempt <= 25; attempt++) await inbox.delivered("ann", { delivery, endpoint: "e", status: "failed", attempt });

  const [item] = (await roomOf("ann").state()).items;
  expect(item?.deliveries[0]?.attempts.map(({ attempt }) => attempt)).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
});

test("what is erased is gone from state, log and answers, for good, and the inbox goes on", async () => {
  const once = { producer: "auction", idempotencyKey: "bid 7" };
  await inbox.notify("ann", { ...bid, body: "words-that-were-hers" }, once);
  await roomOf("ann").call("addEndpoint", phone, ann);
  await roomOf("ann").call("quiet", { hours: { from: "22:00", to: "06:00", zone: "Europe/Berlin" } }, ann);

  await inbox.erase("ann");

  const state = await roomOf("ann").state();
  expect(state).toMatchObject({ items: [], endpoints: [], keys: [], counts: { total: 0 } });
  expect(state.quiet).toBeUndefined();
  await reopen();
  expect((await roomOf("ann").entries(3, 10)).map(({ value }) => value.kind)).toEqual(["erased"]);
  await expect(roomOf("ann").entries(0, 10)).rejects.toMatchObject({ code: "GAP" });
  expect((await inbox.notify("ann", bid, once)).isNew).toBe(true);
});

test("an inbox forgets its entries in steps of a thousand, and keeps its state", async () => {
  await reopen({ limits: { keepEntries: 10, notifications: 20 } });
  for (let round = 0; round < 12; round++) await Promise.all(Array.from({ length: 100 }, () => inbox.notify("ann", bid)));

  const room = roomOf("ann");
  const state = await room.state();

  expect([state.items.length, state.forgotten, state.counts.unread]).toEqual([20, 1_180, 20]);
  await expect(room.entries(500, 10)).rejects.toMatchObject({ code: "GAP" });
  expect(await room.entries(1_100, 10)).toHaveLength(10);
});
