import type { NexiosApp } from "nexios";
import { ManualClock } from "nexios/testing";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ActivityRequest, toActivityEvent } from "./activity-request.ts";
import { createSaleroom } from "./saleroom.ts";

const noon = Date.UTC(2030, 0, 1, 12);
let folder: string;
let app: NexiosApp;
let lastId: number;

beforeEach(() => {
  lastId = 0;
  open();
});

afterEach(close);

function open(): void {
  folder = mkdtempSync(join(tmpdir(), "nexios-saleroom-activity-"));
  app = createSaleroom({ dataFolder: folder, clock: new ManualClock(noon), activity: { commitEvents: 1 } });
}

async function close(): Promise<void> {
  await app.stop();
  rmSync(folder, { recursive: true, force: true });
}

const request = (changes: Partial<ActivityRequest> = {}): ActivityRequest => ({ at: noon, visitor: "ann", method: "GET", path: "/", status: 200, ...changes });

async function post(requests: readonly ActivityRequest[]): Promise<void> {
  const events = requests.map((each) => toActivityEvent(each, `request-${++lastId}`));
  const response = await app.request("/activity", { method: "POST", body: JSON.stringify({ events }) });
  expect(await response.json()).toEqual({ accepted: requests.length, duplicate: 0, rejected: [] });
}

async function summary(): Promise<unknown> {
  return (await app.request("/activity/summary")).json();
}

test("a house without visitors has a summary of nothing", async () => {
  expect(await summary()).toEqual({ requests: 0, addresses: 0, status: {}, minutes: 0, peakPerMinute: 0, topPath: null, topPathCount: 0 });
});

test("the summary says what a plain count says", async () => {
  await post([request({ path: "/a?x=1" }), request({ path: "/a?x=2", visitor: "bob", status: 404 })]);
  await post([request({ path: "/b", at: noon - 1 }), request({ path: "/b", at: noon - 60_000 }), request({ path: "/b", at: noon - 60_001, status: 304 })]);

  expect(await summary()).toEqual({
    requests: 5,
    addresses: 2,
    status: { 200: 3, 304: 1, 404: 1 },
    minutes: 3,
    peakPerMinute: 2,
    topPath: "/b",
    topPathCount: 3,
  });
});

test("neither the order of arrival nor the batches change the summary", async () => {
  const requests = fc.array(
    fc.record({
      at: fc.integer({ min: noon - 300_000, max: noon }),
      visitor: fc.constantFrom("ann", "bob", "carl"),
      method: fc.constant("GET"),
      path: fc.constantFrom("/", "/a", "/a?b", "/z", "/Z"),
      status: fc.constantFrom(200, 304, 404, 500),
    }),
    { minLength: 1, maxLength: 20 },
  );
  const inTwoOrders = requests.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  await fc.assert(
    fc.asyncProperty(inTwoOrders, async ([one, other]) => {
      await close();
      open();
      await post(one);
      const whole = await summary();
      await close();
      open();
      for (const each of other) await post([each]);

      expect(await summary()).toEqual(whole);
    }),
    { numRuns: 5 },
  );
});

test("what is longer than an event may say is told by its beginning", () => {
  const { path, visitor, properties } = toActivityEvent(request({ path: `/${"x".repeat(3_000)}`, visitor: "v".repeat(200), method: "M".repeat(40) }), "1");

  expect([path?.length, visitor?.length, String(properties?.["method"]).length]).toEqual([2_048, 128, 32]);
});
