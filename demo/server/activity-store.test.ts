import * as fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ActivityRequest } from "./activity-state.ts";
import { ActivityStore } from "./activity-store.ts";

const weekMs = 7 * 24 * 3_600_000;

const noon = Date.UTC(2030, 0, 1, 12);
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nexios-store-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const request = (changes: Partial<ActivityRequest> = {}): ActivityRequest => ({ at: noon, visitor: "ann", method: "GET", path: "/", status: 200, ...changes });

function summaryOf(batches: readonly (readonly ActivityRequest[])[]): unknown {
  const own = mkdtempSync(join(folder, "run-"));
  const store = new ActivityStore(own);
  for (const batch of batches) store.add(batch);
  const summary = store.summary();
  store.close();
  return summary;
}

test("an empty store has a summary of nothing", () => {
  expect(summaryOf([])).toEqual({ requests: 0, addresses: 0, status: {}, minutes: 0, peakPerMinute: 0, topPath: null, topPathCount: 0 });
});

test("the summary says what a plain count says", () => {
  const summary = summaryOf([
    [request({ path: "/a?x=1" }), request({ path: "/a?x=2", visitor: "bob", status: 404 })],
    [request({ path: "/b", at: noon + 59_999 }), request({ path: "/b", at: noon + 60_000, status: 304 })],
  ]);

  expect(summary).toEqual({ requests: 4, addresses: 2, status: { 200: 2, 304: 1, 404: 1 }, minutes: 2, peakPerMinute: 3, topPath: "/a", topPathCount: 2 });
});

test("neither the order of arrival nor the batches change the summary", () => {
  const requests = fc.array(
    fc.record({
      at: fc.integer({ min: noon, max: noon + 300_000 }),
      visitor: fc.constantFrom("ann", "bob", "carl"),
      method: fc.constant("GET"),
      path: fc.constantFrom("/", "/a", "/a?b", "/z", "/Z"),
      status: fc.constantFrom(200, 304, 404, 500),
    }),
    { maxLength: 30 },
  );
  const inTwoOrders = requests.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(inTwoOrders, ([one, other]) => {
      expect(summaryOf(other.map((each) => [each]))).toEqual(summaryOf([one]));
    }),
    { numRuns: 25 },
  );
});

test("a batch is kept whole or not at all", () => {
  const store = new ActivityStore(folder);

  expect(() => store.add([request(), request({ status: "no number" as never })])).toThrow(/cannot store TEXT value/);
  const { count } = store;
  store.add([request()]);

  expect([count, store.count]).toEqual([0, 1]);
  store.close();
});

test("what was kept is there when the store is opened again", () => {
  const first = new ActivityStore(folder);
  first.add([request(), request()]);
  first.close();

  const second = new ActivityStore(folder);

  expect(second.count).toBe(2);
  second.close();
});

test("two stores of one folder, as two processes have, see each other's requests", () => {
  const one = new ActivityStore(folder);
  const other = new ActivityStore(folder);

  one.add([request()]);
  other.add([request()]);

  expect([one.count, other.count]).toEqual([2, 2]);
  one.close();
  other.close();
});

test("requests older than a week are forgotten, a slice at a time", () => {
  const store = new ActivityStore(folder);
  const old = noon - weekMs - 1;
  store.add(Array.from({ length: 5_001 }, () => request({ at: old })));
  store.add([request({ at: old + 1 }), request()]);

  const gone = [store.forget(noon - weekMs), store.forget(noon - weekMs), store.forget(noon - weekMs)];

  expect(gone).toEqual([5_000, 1, 0]);
  expect(store.count).toBe(2);
  store.close();
});
