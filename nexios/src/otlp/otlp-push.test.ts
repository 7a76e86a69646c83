import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectReports } from "../../../test/wire/collect-reports.ts";
import { Metrics } from "../metrics/registry.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { type Answer, Collector } from "./collector.fixture.ts";
import { checkOtlp } from "./otlp-check.fixture.ts";
import type { Cancel } from "../world/clock.ts";
import type { OtlpOptions } from "./options.ts";
import { pushMetrics } from "./push-metrics.ts";

/** A clock that knows for what it was asked. */
class AskedClock extends ManualClock {
  readonly delays: number[] = [];

  override after(delayMs: number, fire: () => void): Cancel {
    this.delays.push(delayMs);
    return super.after(delayMs, fire);
  }
}

const timeoutMs = 10_000;
let collector: Collector;
let clock: AskedClock;

beforeEach(async () => {
  collector = await Collector.open();
  clock = new AskedClock(Date.UTC(2030, 0, 1));
});

afterEach(() => collector[Symbol.asyncDispose]());

function open(options: Partial<OtlpOptions> = {}) {
  const metrics = new Metrics({ seriesPerMetric: 2 });
  const hooks: { start?: () => void; stop?: () => Promise<void> } = {};
  const app = { metrics, onStart: (hook: () => void) => (hooks.start = hook), onDrained: (hook: () => Promise<void>) => (hooks.stop = hook) };
  const { push } = bind(pushMetrics(app, { url: collector.url, attributes: { "service.name": "shop" }, clock, random: () => 0.5, ...options }));
  return { metrics, push, start: () => hooks.start!(), stop: () => hooks.stop!() };
}

function bind(pushing: ReturnType<typeof pushMetrics>) {
  return { push: () => pushing.push() };
}

interface Metric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly { readonly asDouble: number; readonly startTimeUnixNano: string; readonly timeUnixNano: string }[] };
  readonly exponentialHistogram?: { readonly dataPoints: readonly { readonly count: string }[] };
}

function metricsOf(index: number): readonly Metric[] {
  const { resourceMetrics } = collector.received[index]!.body as {
    readonly resourceMetrics: readonly [{ readonly scopeMetrics: readonly [{ readonly metrics: readonly Metric[] }] }];
  };
  return resourceMetrics[0].scopeMetrics[0].metrics;
}

test("all kinds of metrics are sent as OTLP's JSON form has them", async () => {
  const { metrics, push } = open({ headers: { "api-key": "k" } });
  metrics.counter("orders", { help: "Orders" }).with({ shop: "a" }).add(3);
  for (const shop of ["b", "c"]) metrics.counter("orders").with({ shop }).add(1);
  metrics.gauge("disk", { unit: "ratio" }).set(0.5);
  metrics.gauge("nothing");
  for (const value of [0, 1, 1.5, 2]) metrics.histogram("wait", { unit: "seconds" }).record(value);
  metrics.histogram("empty");
  for (const user of ["ann", "bob"]) metrics.unique("users").add(user);
  metrics.top("pages").add("/a", 7);
  metrics.top("no_pages");
  await clock.advance(5_000);

  await push();

  const [{ method, path, headers, body }] = collector.received as [(typeof collector.received)[number]];
  expect([method, path, headers["content-type"], headers["api-key"]]).toEqual(["POST", "/v1/metrics", "application/json", "k"]);
  expect(() => checkOtlp(body)).not.toThrow();
  const at = (seconds: number): string => `${BigInt(Date.UTC(2030, 0, 1)) * 1_000_000n + BigInt(seconds) * 1_000_000_000n}`;
  const times = { startTimeUnixNano: at(0), timeUnixNano: at(5) };
  const wait = metricsOf(0).find(({ name }) => name === "wait");
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
  expect(metricsOf(0).filter(({ name }) => name !== "wait" && !name.startsWith("nexios"))).toEqual([
    {
      name: "orders",
      description: "Orders",
      sum: {
        dataPoints: [
          { attributes: [attribute("shop", "a")], ...times, asDouble: 3 },
          { attributes: [attribute("shop", "b")], ...times, asDouble: 1 },
          { attributes: [{ key: "otel.metric.overflow", value: { boolValue: true } }], ...times, asDouble: 1 },
        ],
        aggregationTemporality: 2,
        isMonotonic: true,
      },
    },
    { name: "disk", unit: "1", gauge: { dataPoints: [{ attributes: [], timeUnixNano: at(5), asDouble: 0.5 }] } },
    {
      name: "empty",
      exponentialHistogram: { dataPoints: [{ attributes: [], ...times, count: "0", sum: 0, scale: 5, zeroCount: "0" }], aggregationTemporality: 2 },
    },
    { name: "users", gauge: { dataPoints: [{ attributes: [], timeUnixNano: at(5), asDouble: 2 }] } },
    { name: "pages", gauge: { dataPoints: [{ attributes: [attribute("key", "/a")], timeUnixNano: at(5), asDouble: 7 }] } },
  ]);
  // 1 is the upper bound of bucket -1, 2 of bucket 31.
  const bucketCounts = Array.from({ length: 33 }, (_, index) => (index === 0 || index === 32 || index === 19 ? "1" : "0"));
  expect(wait).toMatchObject({
    unit: "s",
    exponentialHistogram: { dataPoints: [{ count: "4", sum: 4.5, min: 0, max: 2, scale: 5, zeroCount: "1", positive: { offset: -1, bucketCounts } }] },
  });
});

test("a request goes out each minute while the app runs, and one when it stops", async () => {
  const { metrics, start, stop } = open();
  metrics.counter("orders").add(1);
  start();

  await clock.advance(59_999);
  const before = collector.received.length;
  await clock.advance(1);
  await vi.waitFor(() => expect(collector.received).toHaveLength(1));
  metrics.counter("orders").add(1);
  await stop();
  await clock.advance(120_000);

  expect(before).toBe(0);
  expect(collector.received.map((_, index) => metricsOf(index)[0]!.sum!.dataPoints[0]!.asDouble)).toEqual([1, 2]);
});

test("deltas are what came since the last that was taken, through failures", async () => {
  using reports = collectReports();
  const { metrics, push } = open({ temporality: "delta", attempts: 1 });
  const [orders, wait] = [metrics.counter("orders"), metrics.histogram("wait")];
  collector.answers.push({ status: 200, body: "{}" }, { status: 503 }, { status: 200, body: "{}" });
  for (const amount of [5, 2, 1]) {
    orders.add(amount);
    for (let run = 0; run < amount; run++) wait.record(amount);
    await clock.advance(1_000);
    await push();
  }

  const sent = [0, 1, 2].map((index) => [metricsOf(index)[0]!.sum!.dataPoints[0]!.asDouble, metricsOf(index)[1]!.exponentialHistogram!.dataPoints[0]!.count]);

  expect(sent).toEqual([
    [5, "5"],
    [2, "2"],
    [3, "3"],
  ]);
  const [first, , third] = [0, 1, 2].map((index) => metricsOf(index)[0]!.sum!.dataPoints[0]!);
  expect(third!.startTimeUnixNano).toBe(first!.timeUnixNano);
  collector.received.forEach(({ body }) => checkOtlp(body));
  expect(reports.of("error")).toHaveLength(1);
});

const later: readonly (readonly [string, Answer, number])[] = [
  ["a random part of a second after 503", { status: 503 }, 500],
  ["a random part of a second after 502", { status: 502 }, 500],
  ["a random part of a second after 504", { status: 504 }, 500],
  ["a random part of a second after a connection that breaks", "cut", 500],
  ["so many seconds as Retry-After says", { status: 429, headers: { "retry-after": "7" } }, 7_000],
  ["until the date that Retry-After says", { status: 503, headers: { "retry-after": "Tue, 01 Jan 2030 00:00:09 GMT" } }, 9_000],
  ["the longest wait, whatever is asked for", { status: 503, headers: { "retry-after": "86400" } }, 30_000],
];

test.each(later)("a request is tried again after %s, with the same body", async (_title, answer, waitMs) => {
  const { metrics, push } = open();
  metrics.counter("orders").add(1);
  collector.answers.push(answer);

  const pushing = push();
  await vi.waitFor(() => expect(collector.received).toHaveLength(1));
  // The answer is on its way: the clock stands until the wait has begun.
  await waits(1);
  metrics.counter("orders").add(1);
  await clock.advance(waitMs - 1);
  const before = collector.received.length;
  await clock.advance(1);
  await pushing;

  expect(before).toBe(1);
  expect(collector.received[1]!.body).toEqual(collector.received[0]!.body);
});

test("after the fifth try a push is given up and reported, and the next one has it all", async () => {
  using reports = collectReports();
  const { metrics, push } = open();
  metrics.counter("orders").add(1);
  collector.answers.push(...Array.from({ length: 5 }, () => ({ status: 503 })));

  const pushing = push();
  for (let tries = 1; tries < 5; tries++) {
    await waits(tries);
    await clock.advance(clock.delays.at(-1)!);
  }
  await pushing;
  const tries = collector.received.length;
  await push();

  expect([tries, collector.received.length]).toEqual([5, 6]);
  expect(reports.of("error").map(({ error }) => String(error))).toEqual([expect.stringContaining("503")]);
});

test.each([400, 401, 413, 500, 301])("what is answered with %i is not sent again, and is reported", async (status) => {
  using reports = collectReports();
  const { metrics, push } = open({ attempts: status === 301 ? 1 : 5 });
  metrics.counter("orders").add(1);
  collector.answers.push({ status, headers: { location: "http://127.0.0.1:1/" } });

  await push();

  expect(collector.received).toHaveLength(1);
  expect(reports.of("error")).toHaveLength(1);
});

test("data points that the collector rejects are reported, and not sent again", async () => {
  using reports = collectReports();
  const { metrics, push } = open();
  metrics.counter("orders").add(1);
  collector.answers.push(
    { status: 200, body: JSON.stringify({ partialSuccess: { rejectedDataPoints: "3", errorMessage: "no such unit" } }) },
    { status: 200, body: "no json" },
  );

  await push();
  await push();

  expect(collector.received).toHaveLength(2);
  expect(reports.of("error").map(({ error }) => String(error))).toEqual([expect.stringContaining("3 data points were rejected: no such unit")]);
});

test("a collector that does not answer holds up nothing: the try ends after its time, and there is one request at a time", async () => {
  using reports = collectReports();
  const { metrics, push } = open({ attempts: 1 });
  metrics.counter("orders").add(1);
  collector.answers.push("hang");

  const [first, second] = [push(), push()];
  await vi.waitFor(() => expect(collector.received).toHaveLength(1));
  await clock.advance(timeoutMs);
  await Promise.all([first, second]);

  expect(collector.received).toHaveLength(1);
  expect(String(reports.of("error")[0]!.error)).toContain("no answer in 10000 ms");
});

test("a stop does not wait for a retry: what waits is given up for one last request", async () => {
  using _reports = collectReports();
  const { metrics, push, start, stop } = open();
  metrics.counter("orders").add(1);
  start();
  collector.answers.push({ status: 503, headers: { "retry-after": "20" } });

  void push();
  await vi.waitFor(() => expect(collector.received).toHaveLength(1));
  await waits(1);
  await stop();

  expect(collector.received).toHaveLength(2);
});

test("a stop waits two seconds at most for a collector that does not answer", async () => {
  using _reports = collectReports();
  const { metrics, push, start, stop } = open();
  metrics.counter("orders").add(1);
  start();
  collector.answers.push("hang", "hang");
  void push();
  await vi.waitFor(() => expect(collector.received).toHaveLength(1));

  const stopping = stop();
  await vi.waitFor(() => expect(collector.received).toHaveLength(2));
  await clock.advance(2_000);

  await expect(stopping).resolves.toBeUndefined();
});

test("where nothing is measured nothing is sent", async () => {
  const { push } = open();

  await push();

  expect(collector.received).toEqual([]);
});

test.each([
  { url: "collector" },
  { url: "ftp://x/" },
  { attributes: {} },
  { temporality: "both" },
  { everyMs: 0 },
  { attempts: 0 },
  { timeoutMs: NaN },
  { open: 1 },
])("options that are wrong are refused at once: %o", (options) => {
  expect(() => open(options as never)).toThrow(TypeError);
});

/** Resolves when so many waits between tries have begun: what is asked for beside them are the times of requests, and the minute. */
async function waits(count: number): Promise<void> {
  await vi.waitFor(() => expect(clock.delays.filter((delayMs) => delayMs !== timeoutMs && delayMs !== 60_000)).toHaveLength(count));
}
