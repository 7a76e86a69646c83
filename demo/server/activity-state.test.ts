import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type ActivityRequest, RecentActivity, toPage } from "./activity-state.ts";

const vitals = { viewers: 1, memoryBytes: 1, loopDelayMs: 0 };
const minuteMs = 60_000;
const noon = Date.UTC(2030, 0, 1, 12);

const request = (changes: Partial<ActivityRequest> = {}): ActivityRequest => ({ at: noon, visitor: "ann", method: "GET", path: "/", status: 200, ...changes });

const requests = fc.array(
  fc.record({
    at: fc.constant(noon),
    visitor: fc.constantFrom("ann", "bob", "carl", "dora"),
    method: fc.constantFrom("GET", "POST"),
    path: fc.constantFrom("/", "/a", "/a?b=1", "/b", "/c/d", "?", "/%3F"),
    status: fc.integer({ min: 100, max: 599 }),
  }),
  { maxLength: 60 },
);

function recordAll(all: readonly ActivityRequest[], now = noon): RecentActivity {
  const recent = new RecentActivity();
  for (const each of all) recent.record(each, now);
  return recent;
}

test("the order in which requests arrive does not change the frame", () => {
  const inTwoOrders = requests.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(inTwoOrders, ([one, other]) => {
      expect(recordAll(other).frame(noon, vitals)).toEqual(recordAll(one).frame(noon, vitals));
    }),
  );
});

test("a frame says what a plain count says", () => {
  fc.assert(
    fc.property(requests, (all) => {
      const frame = recordAll(all).frame(noon, vitals);

      const ofClass = (first: number): number => all.filter(({ status }) => Math.floor(status / 100) === first).length;
      expect(frame.requestsPerSecond).toBe(all.length);
      expect(frame.activeVisitors).toBe(new Set(all.map(({ visitor }) => visitor)).size);
      expect(frame.statuses).toEqual({ "2xx": ofClass(2), "3xx": ofClass(3), "4xx": ofClass(4), "5xx": ofClass(5) });
      for (const { path, requests: count } of frame.topPages) expect(count).toBe(all.filter((each) => toPage(each.path) === path).length);
      expect(frame.topPages.reduce((sum, { requests: count }) => sum + count, 0)).toBe(all.length);
    }),
  );
});

test("the rate counts from frame to frame, by the time between them", () => {
  const recent = recordAll([request(), request(), request()]);

  const first = recent.frame(noon + 1_000, vitals);
  for (let count = 0; count < 10; count++) recent.record(request(), noon + 2_000);
  const late = recent.frame(noon + 5_000, vitals);
  const quiet = recent.frame(noon + 6_000, vitals);

  expect([first, late, quiet].map(({ requestsPerSecond }) => requestsPerSecond)).toEqual([3, 2.5, 0]);
});

test("a visitor is active for five minutes after his last request", () => {
  const recent = recordAll([request({ visitor: "ann" }), request({ visitor: "bob" })]);
  recent.record(request({ visitor: "ann" }), noon + 2 * minuteMs);

  const counts = [5 * minuteMs - 1, 5 * minuteMs, 7 * minuteMs - 1, 7 * minuteMs].map((after) => recent.frame(noon + after, vitals).activeVisitors);

  expect(counts).toEqual([2, 1, 1, 0]);
});

test("pages and classes are of the last fifteen minutes", () => {
  const recent = recordAll([request({ path: "/old" })]);
  recent.record(request({ path: "/new" }), noon + 10 * minuteMs);

  const before = recent.frame(noon + 15 * minuteMs - 1, vitals);
  const after = recent.frame(noon + 15 * minuteMs, vitals);

  expect(before.topPages.map(({ path }) => path)).toEqual(["/new", "/old"]);
  expect(after.topPages).toEqual([{ path: "/new", requests: 1 }]);
  expect(after.statuses["2xx"]).toBe(1);
});

test("at most ten pages are told, the busiest first, and those of one count by name", () => {
  const all = Array.from({ length: 12 }, (_, index) => request({ path: `/${String.fromCodePoint(97 + index)}` }));

  const { topPages } = recordAll([...all, request({ path: "/l" })]).frame(noon, vitals);

  expect(topPages.map(({ path }) => path)).toEqual(["/l", "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/h", "/i"]);
});

test("a page is a path without its query", () => {
  expect(["/a?b", "/a", "?x", "/?a?b", ""].map(toPage)).toEqual(["/a", "/a", "", "/", ""]);
});

test("more visitors than the bound are not remembered, and the newest are", () => {
  const recent = new RecentActivity();
  for (let index = 0; index < 50_010; index++) recent.record(request({ visitor: `v${index}` }), noon);

  const full = recent.frame(noon, vitals).activeVisitors;
  recent.record(request({ visitor: "v50009" }), noon);

  expect(full).toBe(50_000);
  expect(recent.frame(noon, vitals).activeVisitors).toBe(50_000);
});

test("a minute keeps a bounded number of pages, and goes on counting those that it has", () => {
  const recent = new RecentActivity();
  for (let index = 0; index < 5_000; index++) recent.record(request({ path: `/${index}` }), noon);

  for (let count = 0; count < 3; count++) recent.record(request({ path: "/too-late" }), noon);
  for (let count = 0; count < 2; count++) recent.record(request({ path: "/77" }), noon);
  const { topPages, statuses } = recent.frame(noon, vitals);

  expect(topPages[0]).toEqual({ path: "/77", requests: 3 });
  expect(topPages.map(({ path }) => path)).not.toContain("/too-late");
  expect(statuses["2xx"]).toBe(5_005);
});

test("what was seen before a restart counts as seen, and not for the rate of now", () => {
  const recent = new RecentActivity();

  recent.restore({ at: 0, visitor: "ann", method: "GET", path: "/a?b", status: 200 }, 1_000);
  const frame = recent.frame(2_000, { viewers: 0, memoryBytes: 0, loopDelayMs: 0 });

  expect(frame).toMatchObject({ requestsPerSecond: 0, activeVisitors: 1, topPages: [{ path: "/a", requests: 1 }] });
});
