// What metrics cost where something happens, when they are read, scraped and merged, and in memory; how exact percentiles and distinct counts are.
import { parseArgs } from "node:util";
import { setImmediate } from "node:timers";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { estimate, type HistogramReading, mergeReadings, Metrics, percentile } from "nexios/metrics";
import { textLines } from "../nexios/src/metrics/text-lines.ts";
import { toTextStream } from "../nexios/src/metrics/text-stream.ts";
import { atMost } from "./goal.ts";
import { machine, median, rounded, say } from "./measure.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "5" }, seeds: { type: "string", default: "100" } } });
const [rounds, seeds] = [Number(values.rounds), Number(values.seeds)];
const times = 5_000_000;
say(`metrics: median of ${rounds} rounds; ${machine()}`);

/** The median of nanoseconds for one of so many. */
function nanosecondsOf(count: number, run: (index: number) => void): number {
  const measured = Array.from({ length: rounds + 1 }, () => {
    const startedAt = performance.now();
    for (let index = 0; index < count; index++) run(index);
    return ((performance.now() - startedAt) * 1e6) / count;
  });
  // The first one warms up.
  return median(measured.slice(1));
}

/** Milliseconds of CPU for one of so many runs: what others on the machine do is not in it. Its clock is coarse, so the runs are measured together. */
function cpuMsOf(run: () => void, runs = 50): number {
  run();
  const before = process.threadCpuUsage();
  for (let index = 0; index < runs; index++) run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000 / runs;
}

const waits = Float64Array.from({ length: 65_536 }, () => Math.exp(Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()) - 3));
const users = Array.from({ length: 65_536 }, (_, index) => `user ${index}`);
const metrics = new Metrics();
const [counter, gauge] = [metrics.counter("c").with({ a: "1" }), metrics.gauge("g").with({ a: "1" })];
const [histogram, unique, top] = [metrics.histogram("h", { unit: "seconds" }).with({ a: "1" }), metrics.unique("u"), metrics.top("t")];
const empty = nanosecondsOf(times, (index) => void waits[index & 65_535]);
const costs = {
  counterAdd: nanosecondsOf(times, () => counter.add()) - empty,
  gaugeSet: nanosecondsOf(times, (index) => gauge.set(index)) - empty,
  histogramRecord: nanosecondsOf(times, (index) => histogram.record(waits[index & 65_535]!)) - empty,
  uniqueAdd: nanosecondsOf(times / 5, (index) => unique.add(users[index & 65_535]!)),
  topAdd: nanosecondsOf(times / 5, (index) => top.add(users[(index * index) & 65_535]!)),
  lookUp: nanosecondsOf(times / 10, () => void metrics.counter("c").with({ a: "1" })),
};
for (const [name, cost] of Object.entries(costs)) say(`${name.padEnd(16)} ${cost.toFixed(1)} ns`);

setFlagsFromString("--expose-gc");
// The flag gives new contexts the function.
const collect = runInNewContext("gc") as () => void;
collect();
collect();
const before = process.memoryUsage().heapUsed;
const many = new Metrics();
for (let value = 0; value < 1_000_000; value++)
  many
    .counter("m")
    .with({ user: `user ${value}` })
    .add();
collect();
const overflowMb = (process.memoryUsage().heapUsed - before) / 2 ** 20;
say(`1,000,000 label values on one metric: ${overflowMb.toFixed(2)} MB, ${many.read().families.find(({ name }) => name === "m")?.series.length} series`);

function fill(series: number, histograms: number): Metrics {
  const filled = new Metrics({ series: 20_000, seriesPerMetric: 20_000 });
  for (let index = 0; index < series - histograms; index++)
    filled
      .counter(`c${index % 10}`)
      .with({ number: `${index}` })
      .add(index);
  const wait = filled.histogram("wait", { unit: "seconds" });
  for (let index = 0; index < histograms; index++) {
    const each = wait.with({ number: `${index}` });
    for (let value = 0; value < 100; value++) each.record(waits[(index * 100 + value) & 65_535]!);
  }
  return filled;
}

const usual = fill(2_000, 200);
const reading = usual.read();
const eight = Array.from({ length: 8 }, () => reading);
const readMs = cpuMsOf(() => void usual.read());
const mergeMs = cpuMsOf(() => void mergeReadings(eight));
const readBytes = JSON.stringify(reading).length;
say(`2,000 series, 200 of them histograms: read ${readMs.toFixed(2)} ms of CPU, merge of 8 ${mergeMs.toFixed(2)} ms, ${readBytes} bytes as JSON`);

interface Scrape {
  /** For how long each slice held the event loop. */
  readonly slices: readonly number[];
  readonly bytes: number;
}

async function scrape(filled: Metrics): Promise<Scrape> {
  const slices: number[] = [];
  let bytes = 0;
  const reader = toTextStream(textLines(filled.readInParts({ withBuckets: false }), "openmetrics"), (fire) => {
    setImmediate(() => {
      const startedAt = performance.now();
      fire();
      // The slice is made in the promise jobs behind this turn.
      setImmediate(() => slices.push(performance.now() - startedAt));
    });
  }).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  await new Promise((resolve) => setImmediate(resolve));
  return { slices, bytes };
}

const scrapes: Record<string, { readonly heldMs: number; readonly ms: number; readonly bytes: number }> = {};
for (const [name, histograms] of [
  ["10,000 series, 1,000 histograms", 1_000],
  ["10,000 histograms", 10_000],
] as const) {
  const filled = fill(10_000, histograms);
  const each: Scrape[] = [];
  for (let round = 0; round <= rounds; round++) each.push(await scrape(filled));
  // A slice is the same in each round: the fastest is the one in which nobody else had the processor.
  const own = each[0]!.slices.map((_, slice) => Math.min(...each.map(({ slices }) => slices[slice]!)));
  scrapes[name] = { heldMs: rounded(Math.max(...own)), ms: rounded(own.reduce((sum, ms) => sum + ms, 0)), bytes: each[0]!.bytes };
  say(`scrape of ${name}: ${scrapes[name].ms} ms, the loop held ${scrapes[name].heldMs} ms at most, ${scrapes[name].bytes} bytes`);
}

const whole = new Metrics();
const parts = Array.from({ length: 8 }, () => new Metrics());
const all = Float64Array.from({ length: 1_000_000 }, () => Math.exp(Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()) - 3));
for (const [index, value] of all.entries()) {
  whole.histogram("h").record(value);
  parts[index % 8]!.histogram("h").record(value);
}
all.sort();
const merged = mergeReadings(parts.map((part) => part.read())).families[0]!.series[0]!.value as HistogramReading;
const errors = [0.5, 0.9, 0.99, 0.999].map((share) => {
  const exact = all[Math.ceil(share * all.length) - 1]!;
  return Math.abs(percentile(merged, share)! - exact) / exact;
});
say(`p50, p90, p99, p99.9 of a million values merged from 8 parts: ${errors.map((error) => `${(error * 100).toFixed(2)} %`).join(", ")} off`);

const sizes = [100, 1_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
const misses = new Map(sizes.map((size) => [size, 0]));
const worst = new Map(sizes.map((size) => [size, 0]));
for (let seed = 0; seed < seeds; seed++) {
  const members = new Metrics().unique("u");
  for (let member = 1; member <= sizes.at(-1)!; member++) {
    members.add(`${seed}/${member}`);
    if (!misses.has(member)) continue;
    const { value } = members.read().next().value!;
    const off = Math.abs(estimate(value).count - member) / member;
    worst.set(member, Math.max(worst.get(member)!, off));
    if (off > (member <= 10_000 ? 0 : 0.02)) misses.set(member, misses.get(member)! + 1);
  }
}
for (const size of sizes)
  say(`${size.toLocaleString("en")} distinct: ${misses.get(size)} of ${seeds} seeds too far off, the worst ${(worst.get(size)! * 100).toFixed(2)} %`);

const isExact = errors.every((error) => error <= 0.015) && [...misses].every(([size, count]) => count <= (size <= 10_000 ? 0 : seeds * 0.05));
const goals = {
  counterAdd: atMost(10, rounded(costs.counterAdd)),
  histogramRecord: atMost(60, rounded(costs.histogramRecord)),
  heldMs: atMost(5, rounded(Math.max(...Object.values(scrapes).map(({ heldMs }) => heldMs)))),
  overflowMb: atMost(20, rounded(overflowMb)),
};
console.log(
  JSON.stringify({
    nanoseconds: Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, rounded(cost)])),
    readMs: rounded(readMs),
    mergeMs: rounded(mergeMs),
    scrapes,
    overflowMb: rounded(overflowMb),
    percentileErrors: errors.map((error) => rounded(error)),
    distinct: Object.fromEntries(sizes.map((size) => [size, { missed: misses.get(size), worst: rounded(worst.get(size)!) }])),
    goals,
    isExact,
    node: process.version,
  }),
);
if (!isExact) process.exitCode = 1;
