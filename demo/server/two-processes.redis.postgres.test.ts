import { activityRoom } from "nexios/activity";
import { alertsRoom } from "nexios/alerts";
import { auction, ebaySteps } from "nexios/auction";
import type { Client } from "nexios/client";
import { DocumentSession } from "nexios/collab/client";
import { dashboardRoom } from "nexios/dashboard";
import { inboxRoom } from "nexios/notifications";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { desk, deskName, forewordId } from "../rooms/desk.ts";
import { health } from "../rooms/health.ts";
import { house, houseName } from "../rooms/house.ts";
import { operators } from "../rooms/operators.ts";
import { siteName } from "../rooms/site.ts";
import { type Saleroom, Salerooms, type Visitor } from "./salerooms.fixture.ts";

// Two processes of the Saleroom as they are deployed, each on a folder of its own, over a real Redis and a real PostgreSQL.

let salerooms: Salerooms;
let a: Saleroom;
let b: Saleroom;

beforeAll(async () => {
  salerooms = await Salerooms.open();
  [a, b] = await Promise.all([salerooms.start(), salerooms.start()]);
}, 120_000);

afterAll(() => salerooms?.close(), 60_000);
afterEach(() => salerooms.leave());

const longMs = 60_000;

/** Waits until it is so, however slow the machine is. */
function until(isSo: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(isSo, { timeout: longMs, interval: 50 });
}

function allIn(rooms: readonly { readonly state: unknown }[]): Promise<void> {
  return until(() => expect(rooms.every(({ state }) => state !== undefined)).toBe(true));
}

function inboxOf({ id: userId }: Visitor, client: Client) {
  return client.join(inboxRoom, { userId });
}

test("who has come in at one is known at the other, and what is said at either is one talk", { timeout: 2 * longMs }, async () => {
  const [ann, bob] = [await salerooms.comeIn(a, "Ann"), await salerooms.comeIn(a, "Bob")];
  const pushKeys = await Promise.all([a, b].map(async ({ url }) => (await fetch(`${url}/api/push-key`)).text()));
  const talks = [salerooms.device(ann, a), salerooms.device(bob, b)].map((client) => client.join(house, { house: houseName }));
  await allIn(talks);

  for (let line = 0; line < 3; line++) await Promise.all(talks.map((talk, index) => talk.call("say", { text: `${index} says ${line}` })));

  await until(() => expect(talks.map(({ state }) => state?.lines.length)).toEqual([6, 6]));
  const [one, other] = talks.map(({ state }) => state?.lines.map(({ text, by }) => `${by.name}: ${text}`));
  expect(one).toEqual(other);
  expect(pushKeys[0]).toBe(pushKeys[1]);
  for (const [index, name] of ["Ann", "Bob"].entries())
    expect(one?.filter((line) => line.startsWith(name))).toEqual([0, 1, 2].map((line) => `${name}: ${index} says ${line}`));
});

test("bids from both on one lot are one order; whoever loses the lead is told once, at both, and has read it at both", { timeout: 4 * longMs }, async () => {
  const [seller, ann, bob] = [await salerooms.comeIn(a, "Seller"), await salerooms.comeIn(a, "Ann"), await salerooms.comeIn(b, "Bob")];
  const lotId = `${seller.id}.clock`;
  const now = Date.now();
  const terms = { kind: "english", title: "Clock", about: "It goes.", currency: "EUR", opening: 100_00, opensAt: now, closesAt: now + 3_600_000 } as const;
  const listing = salerooms.device(seller, b).join(auction, { lotId });
  const listed = await listing.call("list", { terms: { ...terms, steps: ebaySteps, sale: { id: "main", number: 900 } }, secret: {} });
  const devices = [salerooms.device(ann, a), salerooms.device(bob, b)];
  const lots = devices.map((client) => client.join(auction, { lotId }));
  await allIn(lots);
  const [annsAtA, annsAtB] = [devices[0]!, salerooms.device(ann, b)].map((client) => inboxOf(ann, client));
  const bobs = inboxOf(bob, devices[1]!);
  await allIn([annsAtA!, annsAtB!, bobs]);

  const first = await lots[0]!.call("bid", { maximum: 120_00, currency: "EUR" });
  const second = await lots[1]!.call("bid", { maximum: 500_00, currency: "EUR" });
  await until(() => expect([annsAtA, annsAtB].map((inbox) => inbox!.state?.items.map(({ category }) => category))).toEqual([["outbid"], ["outbid"]]));
  // Sums that the leader's maximum outbids at once, from both processes at the same time: nobody loses the lead.
  const more = await Promise.all(
    Array.from({ length: 20 }, (_, step) => lots[step % 2]!.call("bid", { maximum: (step % 2 === 0 ? 150_00 : 600_00) + step * 10_00, currency: "EUR" })),
  );

  expect([listed.kind, first.kind, second.kind]).toEqual(["accepted", "accepted", "accepted"]);
  expect(more.filter(({ kind }) => kind === "accepted").length).toBeGreaterThan(0);
  await until(() => {
    const [one, other] = lots.map(({ position }) => position);
    expect(one).toEqual(other);
    expect(lots[0]!.state).toEqual(lots[1]!.state);
  });
  expect(lots[0]!.state?.newest[0]?.paddle).toBeDefined();
  expect(annsAtA!.state?.items.map(({ count }) => count)).toEqual([1]);
  expect(bobs.state?.items).toEqual([]);
  await annsAtB!.call("readAll", { upTo: annsAtB!.state?.top ?? 0 });
  await until(() => expect([annsAtA, annsAtB].map((inbox) => inbox!.state?.items[0]?.isRead)).toEqual([true, true]));
});

test("what two write into one text at two processes is one text, and is in the catalogue's list at both", { timeout: 4 * longMs }, async () => {
  const writers = await Promise.all([salerooms.comeIn(a, "Ann"), salerooms.comeIn(b, "Bob")]);
  const clients = [salerooms.device(writers[0], a), salerooms.device(writers[1], b)];
  const lists = clients.map((client) => client.join(desk, { deskId: deskName }));
  // The first process has given it its first text, once.
  await until(() => expect(lists[0]!.state?.filter(({ id }) => id === forewordId)).toHaveLength(1));
  const sessions = clients.map((client) => new DocumentSession(client, forewordId));
  await until(() => expect(sessions.map(({ status, text }) => [status.kind, text === ""])).toEqual([0, 1].map(() => ["saved", false])));
  expect(sessions[0]!.text.match(/This sale brings together/g)).toHaveLength(1);

  for (let word = 0; word < 10; word++) {
    for (const [index, session] of sessions.entries()) session.edit((text) => text.insert(index === 0 ? 0 : text.length, ` ${"ab"[index]}${word}`));
    await new Promise((resolve) => setImmediate(resolve));
  }

  await until(() => {
    expect(sessions.map(({ status }) => status.kind)).toEqual(["saved", "saved"]);
    expect(sessions[0]!.text).toBe(sessions[1]!.text);
    for (const word of Array.from({ length: 20 }, (_, at) => `${"ab"[at % 2]}${Math.floor(at / 2)}`)) expect(sessions[0]!.text).toContain(word);
  });
  await until(() => {
    const counts = lists.map(({ state }) => state?.find(({ id }) => id === forewordId)?.characters);
    expect(counts).toEqual([sessions[0]!.text.length, sessions[0]!.text.length]);
  });
  await Promise.all(sessions.map((session) => session.close()));
});

test("the dashboards are one, of what both count, with a step a second; and each process tells its own health", { timeout: 4 * longMs }, async () => {
  const ann = await salerooms.comeIn(a, "Ann");
  const clients = [salerooms.device(ann, a), salerooms.device(ann, b)];
  const dashboards = clients.map((client) => client.join(dashboardRoom, { name: houseName, pace: "1" }));
  const reports = clients.map((client) => client.join(health, { house: houseName }));
  const last = (metric: string, labels: object = {}) =>
    dashboards.map(({ state }) =>
      state?.columns.find((column) => column.metric === metric && JSON.stringify(column.labels) === JSON.stringify(labels))?.values.at(-1),
    );
  await allIn(dashboards);

  await until(() => expect(last("nexios_processes", { state: "live" })).toEqual([2, 2]));

  const from = dashboards[0]!.state?.tick ?? 0;
  await until(() => expect(dashboards.map(({ state }) => (state?.tick ?? 0) >= from + 5)).toEqual([true, true]));
  await until(() => {
    expect(dashboards[0]!.state?.tick).toBe(dashboards[1]!.state?.tick);
    expect(dashboards[0]!.state).toEqual(dashboards[1]!.state);
  });
  // Both have this one open: what is counted at one alone would be half of it.
  await until(() => expect(last("nexios_connections").every((count) => Number(count) >= 2)).toBe(true));
  await until(() => expect(reports.map(({ state }) => state?.processes?.length)).toEqual([2, 2]));
  expect(new Set(reports[0]!.state?.probes.filter(({ name }) => name === "store").map(({ process }) => process)).size).toBe(2);
});

test("what both find to be wrong is one alert, told once; and a silence of one is that of both", { timeout: 6 * longMs }, async () => {
  const ann = await salerooms.comeIn(a, "Ann");
  const [atA, atB] = [salerooms.device(ann, a), salerooms.device(ann, b)];
  const rooms = [atA, atB].map((client) => client.join(alertsRoom, { name: houseName }));
  const inbox = inboxOf(ann, atB);
  await atA.join(operators, { house: houseName }).call("come");
  await allIn([...rooms, inbox]);
  const firing = () => rooms.map(({ state }) => state?.alerts.filter(({ rule, phase }) => rule === "failing-probe" && phase === "firing").length);

  // Neither hears the other: each takes itself for the first.
  salerooms.redis.signal("SIGSTOP");
  try {
    await until(() => {
      expect(firing()).toEqual([1, 1]);
      expect(inbox.state?.items.map(({ title }) => title)).toEqual(["1 firing: failing-probe"]);
    });
  } finally {
    salerooms.redis.signal("SIGCONT");
  }
  await until(() => expect(firing()).toEqual([0, 0]));
  const until1h = Date.now() + 3_600_000;
  const silenced = await rooms[0]!.call("silence", { matchers: [{ name: "alertname", value: "late-loop" }], until: until1h, why: "a test" });

  expect(silenced.kind).toBe("accepted");
  await until(() => expect(rooms[1]!.state?.silences).toHaveLength(1));
  expect(inbox.state?.items.filter(({ category }) => category === "alert")).toHaveLength(1);
});

test("what visitors do is counted once over both, though one is killed in the middle and each batch comes twice", { timeout: 6 * longMs }, async () => {
  const before = await summaryOf(a);
  const batches = Array.from({ length: 60 }, (_, number) => ({
    events: Array.from({ length: 20 }, (__, index) => ({
      id: `event-${number}-${index}`,
      type: "request",
      visitor: `visitor-${(number * 20 + index) % 30}`,
      path: `/${index % 7}`,
      properties: { status: index % 5 === 0 ? 404 : 200 },
    })),
  }));
  const send = async (to: Saleroom, batch: object): Promise<boolean> => {
    try {
      const response = await fetch(`${to.url}/activity`, { method: "POST", body: JSON.stringify(batch) });
      const { accepted } = (await response.json()) as { readonly accepted?: number };
      return accepted === 20;
    } catch {
      // It was killed meanwhile.
      return false;
    }
  };

  const sent = batches.map(async (batch, number) => {
    if (number === 30) void b.program.stop("SIGKILL");
    return (await Promise.all([send(a, batch), send(b, batch)]))[0];
  });
  const isAnswered = await Promise.all(sent);
  b = await salerooms.start();
  const again = await Promise.all(batches.map((batch) => send(b, batch)));

  expect(isAnswered.every(Boolean)).toBe(true);
  expect(again.every(Boolean)).toBe(true);
  for (const process of [a, b]) {
    const summary = await summaryOf(process);
    expect(summary.requests - before.requests).toBe(1_200);
    expect(summary.addresses - before.addresses).toBe(30);
    expect(summary.status).toMatchObject({ 200: 960, 404: 240 });
  }
});

test("a machine whose clock is ten minutes ahead counts in the same minutes, and judges bids by the store's time", { timeout: 4 * longMs }, async () => {
  const shift = new URL("../../test/clock/shift-clock.ts?ms=600000", import.meta.url);
  const ahead = await salerooms.start({ NODE_OPTIONS: `--conditions=source --import=${shift.href}` });
  const [seller, ann] = [await salerooms.comeIn(a, "Seller"), await salerooms.comeIn(a, "Ann")];
  const [from, lotId] = [Date.now(), `${seller.id}.lamp`];
  const view = salerooms.device(ann, a).join(activityRoom, { site: siteName });
  const common = { title: "Lamp", about: "It shines.", currency: "EUR", opening: 10_00, opensAt: from, sale: { id: "main", number: 901 } };
  const terms = { ...common, kind: "english", steps: ebaySteps, closesAt: from + 300_000 } as const;
  await salerooms.device(seller, a).join(auction, { lotId }).call("list", { terms, secret: {} });

  const bid = await salerooms.device(ann, ahead).join(auction, { lotId }).call("bid", { maximum: 20_00, currency: "EUR" });
  await fetch(`${ahead.url}/activity`, { method: "POST", body: JSON.stringify({ events: [{ id: "event-ahead", type: "request", visitor: "ahead" }] }) });

  expect(bid.kind).toBe("accepted");
  await until(() => expect(view.state?.latest.some(({ id }) => id === "event-ahead")).toBe(true));
  const counted = view.state?.latest.find(({ id }) => id === "event-ahead")?.at ?? 0;
  expect(counted).toBeGreaterThan(from - 60_000);
  expect(counted).toBeLessThan(from + 300_000);
  expect(view.state?.at).toBeLessThan(from + 300_000);
  await ahead.program.stop("SIGKILL");
});

async function summaryOf({ url }: Saleroom): Promise<{ readonly requests: number; readonly addresses: number; readonly status: object }> {
  return (await fetch(`${url}/activity/summary`)).json() as Promise<Awaited<ReturnType<typeof summaryOf>>>;
}
