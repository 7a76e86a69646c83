import type { NexiosApp } from "nexios";
import { activityRoom } from "nexios/activity";
import { alertsRoom } from "nexios/alerts";
import { auction } from "nexios/auction";
import { dashboardRoom } from "nexios/dashboard";
import { inboxRoom } from "nexios/notifications";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { health } from "../../rooms/health.ts";
import { house, houseName } from "../../rooms/house.ts";
import { operators } from "../../rooms/operators.ts";
import { siteName } from "../../rooms/site.ts";
import { toHouseLot } from "../auction/house-lots.ts";
import { createSaleroom, type SaleroomOptions } from "../saleroom.ts";

let folder: string;
let clock: ManualClock;
let app: NexiosApp;

const ann = { id: "ann", name: "Ann" };
const eve = { id: "eve", name: "Eve" };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-control-"));
  clock = new ManualClock();
});

afterEach(async () => {
  await app.stop({ deadlineMs: 200 });
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<SaleroomOptions> = {}, prepare: (made: NexiosApp) => void = () => undefined): Promise<void> {
  const load = { loopDelayMs: () => 0, heapFraction: () => 0, close: () => undefined };
  app = createSaleroom({ dataFolder: folder, clock, load, rooms: { synchronous: "normal" }, ...options });
  prepare(app);
  await app.start();
}

/** Lets time pass until something is so. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  await vi.waitFor(
    async () => {
      await clock.advance(1_000);
      expect(await isSo()).toBe(true);
    },
    { timeout: 20_000, interval: 5 },
  );
}

function seriesOf(metric: string): readonly { readonly labels: Readonly<Record<string, string>>; readonly value: unknown }[] {
  return app.metrics.read().families.find(({ name }) => name === metric)?.series ?? [];
}

async function as(user: { readonly id: string; readonly name: string }, path: string): Promise<number> {
  const token = await app.tokens.issue({ sub: user.id, name: user.name }, { expiresInSeconds: 900 });
  return (await app.request(path, { headers: { authorization: `Bearer ${token}` } })).status;
}

test("who may see the control room is asked of each part of it: of rooms, of health and of metrics", async () => {
  await open({ maySee: ({ id }) => id !== "eve" });
  const codeFor = async (user: typeof ann): Promise<readonly unknown[]> => {
    const calls = [
      app.room(dashboardRoom, { name: houseName, pace: "1" }).call("sample", {} as never, { user }),
      app.room(health, { house: houseName }).call("tell", {} as never, { user }),
      app.room(alertsRoom, { name: houseName }).call("acknowledge", { id: 1 }, { user }),
      app.room(activityRoom, { site: siteName }).call("tell", {} as never, { user }),
      app.room(operators, { house: houseName }).call("come", undefined, { user }),
    ];
    const outcomes = await Promise.allSettled(calls);
    // Who may see may not write what is the server's own: that is refused, and does not fail.
    return outcomes.map((outcome) => (outcome.status === "rejected" ? (outcome.reason as { readonly code: string }).code : outcome.value.kind));
  };

  expect(await codeFor(eve)).toEqual(Array.from({ length: 5 }, () => "FORBIDDEN"));
  expect(await codeFor(ann)).toEqual(["refused", "refused", "refused", "refused", "accepted"]);
  expect([await as(eve, "/health"), await as(ann, "/health")]).toEqual([403, 200]);
  expect([await as(eve, "/metrics"), await as(ann, "/metrics"), (await app.request("/metrics")).status]).toEqual([403, 200, 401]);
  expect([(await app.request("/health/live")).status, (await app.request("/health/ready")).status]).toEqual([200, 200]);
});

test("with a token of its own a scraper reads the metrics, and nobody else", async () => {
  await open({ env: { METRICS_TOKEN: "a-token-of-the-test" } });

  const response = await app.request("/metrics", { headers: { authorization: "Bearer a-token-of-the-test" } });

  expect(response.status).toBe(200);
  expect(await response.text()).toContain("saleroom_requests_total");
  expect(await as(ann, "/metrics")).toBe(401);
});

test("requests are counted by the class of their answer, timed, and those that fail are a share of the last minute", async () => {
  await open({}, (made) =>
    made.get("/broken", () => {
      throw new Error("on purpose");
    }),
  );

  for (const path of ["/activity/summary", "/nowhere", "/nowhere", "/broken"]) await app.request(path);

  const counts = Object.fromEntries(seriesOf("saleroom_requests").map(({ labels, value }) => [labels["class"], value]));
  expect(counts).toEqual({ "2xx": 1, "3xx": 0, "4xx": 2, "5xx": 1 });
  expect(seriesOf("saleroom_request_time")[0]?.value).toMatchObject({ count: 4 });
  expect(seriesOf("saleroom_failed_requests")[0]?.value).toBe(0.25);
});

test("the house is counted: bids, notifications of lost leads, lines of talk, and how many lots are open", async () => {
  await open();
  const valueOf = (metric: string): unknown => seriesOf(metric)[0]?.value;
  const lots = [1, 2, 3, 4, 5, 6].map((number) => toHouseLot(number, clock.now(), 3_600_000));
  const { lotId, terms, secret } = lots.find((lot) => lot.terms.kind === "english") ?? lots[0]!;
  const lot = app.room(auction, { lotId });
  await lot.call("list", { terms, secret });
  for (const user of [ann, eve, ann]) {
    const { minimum } = await lot.state();
    await lot.call("bid", { maximum: (minimum ?? 0) + 50_000, currency: terms.currency }, { user });
  }
  await until(() => valueOf("saleroom_lots_open") === 1);

  await app.room(house, { house: houseName }).call("say", { text: "hello" }, { user: ann });
  await until(() => valueOf("saleroom_lines") === 1 && Number(valueOf("saleroom_bids")) >= 2 && Number(valueOf("saleroom_notifications")) >= 1);

  expect([valueOf("saleroom_lines"), valueOf("saleroom_lots_open")]).toEqual([1, 1]);
});

test("health is told in its room, check by check, as the app knows it", async () => {
  await open();

  await until(async () => (await app.room(health, { house: houseName }).state()).probes.some(({ name, beats }) => name === "disk" && beats.length >= 3));

  const { probes } = await app.room(health, { house: houseName }).state();
  expect(probes.map(({ name, status }) => [name, status])).toEqual(app.health.report().probes.map(({ name, status }) => [name, status]));
  expect(probes.map(({ name }) => name)).toEqual(["talk", "disk", "store"]);
});

test("a probe that fails is an alert, which tells those who have asked for it, once, and ends when it works again", async () => {
  await open();
  let isBroken = true;
  app.health.probe("till", () => {
    if (isBroken) throw new Error("no answer");
  });
  await app.room(operators, { house: houseName }).call("come", undefined, { user: ann });
  const alerts = async () => (await app.room(alertsRoom, { name: houseName }).state()).alerts.filter(({ phase }) => phase === "firing");
  const told = async (userId: string) => (await app.room(inboxRoom, { userId }).state()).items.map(({ category, title }) => [category, title]);

  await until(async () => (await alerts()).length > 0 && (await told("ann")).length > 0);
  const [alert] = await alerts();
  const taken = await app.room(alertsRoom, { name: houseName }).call("acknowledge", { id: alert?.id ?? 0 }, { user: ann });
  for (let second = 0; second < 60; second++) await clock.advance(1_000);

  expect(alert).toMatchObject({ rule: "failing-probe", labels: { probe: "till" } });
  expect(taken.kind).toBe("accepted");
  expect(await told("ann")).toEqual([["alert", "1 firing: failing-probe"]]);
  expect(await told("eve")).toEqual([]);
  isBroken = false;
  await until(async () => (await alerts()).length === 0);
});
