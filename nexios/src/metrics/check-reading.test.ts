import { expect, test } from "vitest";
import { checkReading } from "./check-reading.ts";
import { Metrics } from "./registry.ts";

function full(): Metrics {
  const metrics = new Metrics({ seriesPerMetric: 3 });
  const [times, users, pages] = [metrics.histogram("times", { unit: "seconds" }), metrics.unique("users"), metrics.top("pages")];
  metrics.histogram("empty");
  for (let number = 0; number < 100; number++) {
    metrics
      .counter("requests", { help: "Requests" })
      .with({ code: `${number}` })
      .add();
    metrics.gauge("heap", { unit: "bytes" }).set(-number);
    times.record(number / 10);
    users.add(`${number}`);
    pages.add(`/${number}`);
  }
  for (let number = 0; number < 20_000; number++) users.with({ site: "large" }).add(`${number}`);
  return metrics;
}

test("every reading of a registry is one, after its way as JSON", () => {
  const sent: unknown = JSON.parse(JSON.stringify(full().read()));

  expect(checkReading(sent)).toEqual(full().read());
  expect(checkReading({ families: [] })).toEqual({ families: [] });
});

const series = (value: unknown, labels: unknown = {}) => [{ labels, value }];
const histogram = { count: 2, sum: 3, min: 1, max: 2, zeros: 0, buckets: [[0, 2]], atMost: [1] };
const ofHistogram = (fields: object) => ({ kind: "histogram", name: "a", bounds: [1], series: series({ ...histogram, ...fields }) });

test("the histogram that the next cases spoil is one", () => {
  expect(checkReading({ families: [ofHistogram({})] })).toBeDefined();
});

test.each([
  undefined,
  null,
  [],
  {},
  { families: {} },
  { families: [null] },
  { families: [{ kind: "counter", name: "a_total", series: [] }] },
  { families: [{ kind: "counter", name: "__proto__", series: [] }] },
  { families: [{ kind: "other", name: "a", series: [] }] },
  { families: [{ kind: "counter", name: "a", unit: "days", series: [] }] },
  { families: [{ kind: "counter", name: "a", help: 5, series: [] }] },
  { families: [{ kind: "counter", name: "a" }] },
  {
    families: [
      { kind: "counter", name: "a", series: [] },
      { kind: "counter", name: "a", series: [] },
    ],
  },
  { families: [{ kind: "counter", name: "a", series: series(-1) }] },
  { families: [{ kind: "counter", name: "a", series: series(null) }] },
  { families: [{ kind: "counter", name: "a", series: series("1") }] },
  { families: [{ kind: "counter", name: "a", series: series(1, { le: "1" }) }] },
  { families: [{ kind: "counter", name: "a", series: series(1, { x: 1 }) }] },
  { families: [{ kind: "counter", name: "a", series: series(1, { x: "x".repeat(257) }) }] },
  { families: [{ kind: "counter", name: "a", series: series(1, { overflow: "no" }) }] },
  { families: [{ kind: "counter", name: "a", series: series(1, JSON.parse('{"__proto__":"x"}')) }] },
  { families: [{ kind: "counter", name: "a", series: series(1, Object.fromEntries(Array.from({ length: 17 }, (_, number) => [`l${number}`, "x"]))) }] },
  { families: [{ kind: "gauge", name: "a", series: series(1) }] },
  { families: [{ kind: "gauge", name: "a", merge: "average", series: series(1) }] },
  { families: [ofHistogram({ count: 3 })] },
  { families: [ofHistogram({ zeros: 1 })] },
  { families: [ofHistogram({ sum: -1 })] },
  { families: [ofHistogram({ min: 3 })] },
  { families: [ofHistogram({ min: undefined })] },
  { families: [ofHistogram({ buckets: [[99_999, 2]] })] },
  {
    families: [
      ofHistogram({
        buckets: [
          [1, 1],
          [0, 1],
        ],
      }),
    ],
  },
  { families: [ofHistogram({ buckets: [[0.5, 2]] })] },
  { families: [ofHistogram({ atMost: [] })] },
  { families: [ofHistogram({ atMost: [3] })] },
  { families: [{ kind: "unique", name: "a", series: series({ hashes: [1, 1] }) }] },
  { families: [{ kind: "unique", name: "a", series: series({ hashes: [0.5] }) }] },
  { families: [{ kind: "unique", name: "a", series: series({ hashes: Array.from({ length: 10_001 }, (_, hash) => hash) }) }] },
  { families: [{ kind: "unique", name: "a", series: series({ registers: "AAAA" }) }] },
  { families: [{ kind: "top", name: "a", size: 10, series: series({ keys: [["x", 1]], others: 0 }) }] },
  { families: [{ kind: "top", name: "a", size: 10, series: series({ keys: [["x", "1", 0]], others: 0 }) }] },
  { families: [{ kind: "top", name: "a", size: 10, series: series({ keys: [], others: -1 }) }] },
  { families: [{ kind: "top", name: "a", size: 5_000, series: [] }] },
])("what is no reading is none: %j", (value) => {
  expect(checkReading(value)).toBeUndefined();
});

test("of another process a thousand families and 20,000 series are taken, or as many as is said", () => {
  const many = (families: number, perFamily: number) => ({
    families: Array.from({ length: families }, (_, family) => ({
      kind: "gauge",
      merge: "sum",
      name: `m${family}`,
      series: Array.from({ length: perFamily }, (_unused, number) => ({ labels: { number: `${number}` }, value: 1 })),
    })),
  });

  expect([many(1_000, 20), many(1_001, 1), many(1_000, 21)].map((reading) => checkReading(reading) !== undefined)).toEqual([true, false, false]);
  expect(checkReading(many(2, 2), { families: 1 })).toBeUndefined();
  expect(checkReading(many(2, 2), { series: 3 })).toBeUndefined();
});
