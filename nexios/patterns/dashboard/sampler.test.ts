import { Metrics } from "nexios/metrics";
import { expect, test } from "vitest";
import type { Sample } from "./sample.ts";
import { Sampler, selectFrom } from "./sampler.ts";

const paces = [
  { seconds: 1, steps: 60 },
  { seconds: 5, steps: 60 },
];

function pointsOf(sample: Sample | undefined): Readonly<Record<string, unknown>> {
  return Object.fromEntries((sample?.columns ?? []).map(({ metric, labels, stat, point }) => [[metric, ...Object.values(labels), stat].join(" "), point]));
}

/** Steps through so many seconds; gives the last sample of each pace. */
function run(
  sampler: Sampler,
  metrics: Metrics,
  seconds: readonly number[],
  before: (second: number) => void = () => undefined,
): readonly (Sample | undefined)[] {
  const last = paces.map((): Sample | undefined => undefined);
  for (const second of seconds) {
    before(second);
    for (const { pace, sample } of sampler.step(second * 1_000 + 3, () => ({ reading: metrics.read(), hasNewcomers: false })))
      last[paces.indexOf(pace)] = sample;
  }
  return last;
}

test("a step is one reading and one sample for each pace that is due, whoever looks", () => {
  const metrics = new Metrics();
  const sampler = new Sampler(paces);
  let reads = 0;
  for (let ms = 0; ms < 20_000; ms += 250) {
    sampler.step(100_000 + ms, () => {
      reads++;
      return { reading: metrics.read(), hasNewcomers: false };
    });
  }

  expect([reads, sampler.computed]).toEqual([20, 24]);
});

test("a counter is a rate by its pace's own seconds, from the second sample on", () => {
  const metrics = new Metrics();
  const requests = metrics.counter("requests");
  const sampler = new Sampler(paces);

  const [first] = run(sampler, metrics, [100], () => requests.add(1_000));
  const [fast, slow] = run(sampler, metrics, [101, 102, 103, 104, 105], (second) => requests.add(second === 105 ? 30 : 5));

  expect(pointsOf(first)).toEqual({ "requests rate": null });
  expect(pointsOf(fast)).toEqual({ "requests rate": 30 });
  expect(pointsOf(slow)).toEqual({ "requests rate": 10 });
  expect([fast?.tick, slow?.tick]).toEqual([105, 21]);
});

test("a series that is born later counts from nothing, and seconds that were slept through are shared out", () => {
  const metrics = new Metrics();
  const requests = metrics.counter("requests");
  const sampler = new Sampler(paces);
  run(sampler, metrics, [100, 101]);

  const [sample] = run(sampler, metrics, [104], () => requests.with({ code: "500" }).add(6));

  expect(pointsOf(sample)).toEqual({ "requests 500 rate": 2 });
});

test("percentiles are of what was recorded within the step, and there are none where nothing was", () => {
  const metrics = new Metrics();
  const latency = metrics.histogram("latency", { unit: "seconds" });
  const sampler = new Sampler(paces);
  for (let at = 0; at < 1_000; at++) latency.record(9);
  run(sampler, metrics, [100]);

  const [busy] = run(sampler, metrics, [101], () => [1, 2, 3].forEach((value) => latency.record(value)));
  const [idle] = run(sampler, metrics, [102]);

  expect(pointsOf(busy)).toEqual({
    "latency rate": 3,
    "latency p50": expect.closeTo(2, 1),
    "latency p95": expect.closeTo(3, 1),
    "latency p99": expect.closeTo(3, 1),
  });
  expect(pointsOf(idle)).toEqual({ "latency rate": 0, "latency p50": null, "latency p95": null, "latency p99": null });
  expect(busy?.columns.map(({ stat, unit }) => [stat, unit])).toEqual([
    ["rate", undefined],
    ["p50", "seconds"],
    ["p95", "seconds"],
    ["p99", "seconds"],
  ]);
});

test("a gauge on a slow pace shows between what it has been, and whole numbers stay whole", () => {
  const metrics = new Metrics();
  const members = metrics.gauge("members");
  const sampler = new Sampler(paces);
  run(sampler, metrics, [100], () => members.set(3));

  const [fast, slow] = run(sampler, metrics, [101, 102, 103, 104, 105], (second) => members.set(second === 103 ? 123_456_789 : 2 / 3));

  expect(pointsOf(fast)).toEqual({ "members value": 0.6667 });
  expect(pointsOf(slow)).toEqual({ "members value": [0.6667, 0.6667, 123_456_789] });
});

test("distinct members and the heaviest keys are shown", () => {
  const metrics = new Metrics();
  const visitors = metrics.unique("visitors");
  const pages = metrics.top("pages", { size: 20 });
  for (const name of ["ann", "bob", "ann"]) visitors.add(name);
  for (let page = 0; page < 15; page++) pages.add(`/${page}`, 100 - page);

  const [sample] = run(new Sampler(paces), metrics, [100]);

  expect(pointsOf(sample)).toEqual({ "visitors distinct": 2 });
  expect(sample?.tops["pages"]?.slice(0, 2)).toEqual([
    ["/0", 100],
    ["/1", 99],
  ]);
  expect(sample?.tops["pages"]?.length).toBe(10);
});

test("a dashboard shows what it selects, and asks of each series once", () => {
  const metrics = new Metrics();
  metrics.counter("requests").add(1);
  metrics.counter("revenue").add(1);
  metrics.top("pages").add("/");
  const sampler = new Sampler(paces);
  const known = new Map<string, boolean>();
  const asked: string[] = [];
  const select = (metric: string): boolean => {
    asked.push(metric);
    return metric === "requests";
  };

  const shown = [100, 101].map((second) => run(sampler, metrics, [second])[0]).map((sample) => sample && selectFrom(sample, select, known));

  expect(shown.map((sample) => sample && [sample.columns.map(({ metric }) => metric), sample.tops])).toEqual([
    [["requests"], {}],
    [["requests"], {}],
  ]);
  expect(asked.toSorted()).toEqual(["pages", "requests", "revenue"]);
});
