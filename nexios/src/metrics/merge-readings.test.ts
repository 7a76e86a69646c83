import fc from "fast-check";
import { expect, test } from "vitest";
import { estimate } from "./distinct.ts";
import { mergeReadings } from "./merge-readings.ts";
import { percentile } from "./percentile.ts";
import { logNormal, seeded } from "./random.fixture.ts";
import type { FamilyReading, MetricsReading } from "./reading.ts";
import { Metrics } from "./registry.ts";

function reading(fill: (metrics: Metrics) => void): MetricsReading {
  const metrics = new Metrics();
  fill(metrics);
  return metrics.read();
}

function family<Kind extends FamilyReading["kind"]>(merged: MetricsReading, kind: Kind, name = "m") {
  return merged.families.find((each): each is Extract<FamilyReading, { kind: Kind }> => each.name === name && each.kind === kind)!;
}

test("counters of several processes are added, series by series", () => {
  const a = reading((metrics) => {
    metrics.counter("m").add(1);
    metrics.counter("m").with({ x: "1" }).add(2);
  });
  const b = reading((metrics) => metrics.counter("m").with({ x: "1" }).add(4));

  expect(family(mergeReadings([a, b]), "counter").series).toEqual([
    { labels: {}, value: 1 },
    { labels: { x: "1" }, value: 6 },
  ]);
});

test("a gauge of memory is added, one of how full a disk is shows the fullest: never an average", () => {
  const processes = [0.9, 0.1].map((full) =>
    reading((metrics) => {
      metrics.gauge("heap", { unit: "bytes" }).set(100 * full);
      metrics.gauge("disk", { unit: "ratio" }).set(full);
      metrics.gauge("free", { unit: "ratio", merge: "min" }).set(1 - full);
    }),
  );

  const merged = mergeReadings(processes);

  expect(["heap", "disk", "free"].map((name) => family(merged, "gauge", name).series[0]!.value)).toEqual([100, 0.9, expect.closeTo(0.1)]);
});

test("percentiles of a million values merged from 8 parts are those of the whole", () => {
  const random = seeded(6);
  const whole = new Metrics();
  const parts = Array.from({ length: 8 }, () => new Metrics());
  for (let run = 0; run < 1_000_000; run++) {
    const value = logNormal(random);
    whole.histogram("m", { unit: "seconds" }).record(value);
    parts[run % 8]!.histogram("m", { unit: "seconds" }).record(value);
  }

  const merged = family(mergeReadings(parts.map((part) => part.read())), "histogram").series[0]!.value;
  const all = family(whole.read(), "histogram").series[0]!.value;

  expect({ ...merged, sum: 0 }).toEqual({ ...all, sum: 0 });
  expect(merged.sum / all.sum).toBeCloseTo(1, 9);
  for (const share of [0.5, 0.9, 0.99, 0.999]) expect(percentile(merged, share)).toBe(percentile(all, share));
});

test("histograms of two versions keep the bounds that both have, exactly", () => {
  const [a, b] = [
    [1, 2, 4],
    [2, 3],
  ].map((bounds) => reading((metrics) => [1, 2, 3, 4].forEach((value) => metrics.histogram("m", { bounds }).record(value))));

  const merged = family(mergeReadings([a!, b!]), "histogram");

  expect([merged.bounds, merged.series[0]!.value.atMost, merged.series[0]!.value.count]).toEqual([[2], [4], 8]);
});

test("distinct members of several processes are counted once", () => {
  const small = [0, 50].map((from) => reading((metrics) => Array.from({ length: 100 }, (_, number) => metrics.unique("m").add(`${from + number}`))));
  const large = [0, 10_000].map((from) => reading((metrics) => Array.from({ length: 20_000 }, (_, number) => metrics.unique("m").add(`${from + number}`))));

  expect(estimate(family(mergeReadings(small), "unique").series[0]!.value)).toEqual({ count: 150, isExact: true });
  const { count } = estimate(family(mergeReadings([...large, ...small]), "unique").series[0]!.value);
  expect(Math.abs(count / 30_000 - 1)).toBeLessThan(0.025);
});

test("the heaviest keys of several processes are added, and what others may have too", () => {
  const [a, b] = [
    { x: 5, y: 3 },
    { y: 4, z: 1 },
  ].map((keys) => reading((metrics) => Object.entries(keys).forEach(([key, count]) => metrics.top("m", { size: 1 }).add(key, count))));

  expect(family(mergeReadings([a!, b!]), "top").series[0]!.value).toEqual({
    keys: [
      ["y", 7, 0],
      ["x", 5, 0],
      ["z", 1, 0],
    ],
    others: 0,
  });
});

test("where two processes have one name for two kinds, the first counts", () => {
  const [a, b] = [reading((metrics) => metrics.counter("m").add(1)), reading((metrics) => metrics.gauge("m").set(5))];

  expect(mergeReadings([a, b]).families).toEqual(a.families);
});

test("series beyond the limit become one, and nothing is lost", () => {
  const processes = Array.from({ length: 10 }, (_, process) =>
    reading((metrics) =>
      Array.from({ length: 5 }, (_unused, number) =>
        metrics
          .counter("m")
          .with({ id: `${process}/${number}` })
          .add(1),
      ),
    ),
  );

  const { series } = family(mergeReadings(processes, { seriesPerMetric: 20 }), "counter");

  expect(series).toHaveLength(21);
  expect(series.at(-1)).toEqual({ labels: { overflow: "true" }, value: 30 });
});

test("a merged reading has 2,000 metrics, those that came first", () => {
  const processes = Array.from({ length: 5 }, (_, process) =>
    reading((metrics) => Array.from({ length: 500 }, (_unused, number) => metrics.counter(`p${process}m${number}`))),
  );

  const { families } = mergeReadings(processes);

  expect([families.length, families.at(-1)?.name]).toEqual([2_000, "p3m499"]);
});

test("what is merged does not depend on how it is grouped, and nothing that was read is changed", () => {
  const counts = fc.array(fc.record({ series: fc.constantFrom("a", "b", ""), value: fc.integer({ min: 1, max: 50 }) }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(counts, { minLength: 1, maxLength: 5 }), fc.nat(4), (processes, cut) => {
      const readings = processes.map((values) =>
        reading((metrics) => {
          for (const { series, value } of values) {
            metrics.counter("c").with({ series }).add(value);
            metrics.gauge("g").with({ series }).set(value);
            metrics
              .histogram("h", { bounds: [10] })
              .with({ series })
              .record(value);
            metrics.unique("u").with({ series }).add(`${value}`);
            metrics.top("t").with({ series }).add(`${value}`);
          }
        }),
      );
      const before = JSON.stringify(readings);

      const grouped = mergeReadings([mergeReadings(readings.slice(0, cut)), mergeReadings(readings.slice(cut))]);

      expect(sorted(grouped)).toEqual(sorted(mergeReadings(readings)));
      expect(JSON.stringify(readings)).toBe(before);
    }),
    { numRuns: 200 },
  );
});

function sorted(merged: MetricsReading) {
  return merged.families.map(({ name, series }) => [
    name,
    series
      .map(({ labels, value }) => ({
        labels: JSON.stringify(labels),
        value: typeof value === "object" && "hashes" in value ? value.hashes.toSorted((a, b) => a - b) : value,
      }))
      .toSorted((a, b) => (a.labels < b.labels ? -1 : 1)),
  ]);
}
