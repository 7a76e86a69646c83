import { expect, test } from "vitest";
import { Metrics } from "./registry.ts";

function valuesOf(metrics: Metrics, name: string) {
  return metrics
    .read()
    .families.find((family) => family.name === name)
    ?.series.map(({ labels, value }) => [labels, value]);
}

test("a counter adds up, by its labels, whatever their order", () => {
  const metrics = new Metrics();
  const requests = metrics.counter("requests", { help: "Requests" });

  requests.with({ route: "/a", method: "GET" }).add();
  requests.with({ method: "GET", route: "/a" }).add(2);
  requests.with({ route: "/b" }).add(4);

  expect(valuesOf(metrics, "requests")).toEqual([
    [{ method: "GET", route: "/a" }, 3],
    [{ route: "/b" }, 4],
  ]);
});

test("a metric is its series without labels, and an empty label is none", () => {
  const metrics = new Metrics();
  const jobs = metrics.counter("jobs");

  const before = valuesOf(metrics, "jobs");
  jobs.add();
  jobs.with({ kind: "" }).add();
  jobs.with({}).add();

  expect(before).toEqual([[{}, 0]]);
  expect(valuesOf(metrics, "jobs")).toEqual([[{}, 3]]);
});

test("a counter that is used by labels alone shows no series without", () => {
  const metrics = new Metrics();

  metrics.counter("jobs").with({ kind: "mail" });

  expect(valuesOf(metrics, "jobs")).toEqual([[{ kind: "mail" }, 0]]);
});

test("a gauge is set, added to, asked when it is read, and left out while it has no number", () => {
  const metrics = new Metrics();
  const [set, added] = [metrics.gauge("set"), metrics.gauge("added")];
  let rooms = 3;
  metrics.gauge("asked", { read: () => rooms });
  metrics.gauge("never");
  metrics.gauge("broken", {
    read: () => {
      throw new Error("no such file");
    },
  });

  set.set(5);
  set.set(4);
  added.add(2);
  added.add(-1);
  rooms = 7;
  const first = metrics.read().families.map(({ name, series }) => [name, series.map(({ value }) => value)]);
  set.set(NaN);

  expect(first).toEqual([
    ["set", [4]],
    ["added", [1]],
    ["asked", [7]],
    ["never", []],
    ["broken", []],
  ]);
  expect(valuesOf(metrics, "set")).toEqual([]);
});

test("several who give a gauge's value are put together as the gauge says", () => {
  const metrics = new Metrics();

  for (const value of [2, 3]) metrics.gauge("connections", { read: () => value });
  for (const value of [0.2, 0.9]) metrics.gauge("disk", { unit: "ratio", read: () => value });

  expect(valuesOf(metrics, "connections")).toEqual([[{}, 5]]);
  expect(valuesOf(metrics, "disk")).toEqual([[{}, 0.9]]);
});

test("the same name is the same metric, and never one of another kind, unit, merge or other bounds", () => {
  const metrics = new Metrics();
  const counter = metrics.counter("a", { unit: "bytes" });
  metrics.gauge("g", { merge: "max" });
  metrics.histogram("h", { bounds: [1, 2] });

  expect(metrics.counter("a")).toBe(counter);
  expect(metrics.histogram("h")).toBe(metrics.histogram("h", { bounds: [1, 2] }));
  expect(() => metrics.gauge("a")).toThrow("There is a counter called a");
  expect(() => metrics.counter("a", { unit: "seconds" })).toThrow("another unit: bytes");
  expect(() => metrics.gauge("g", { merge: "sum" })).toThrow("another merge: max");
  expect(() => metrics.histogram("h", { bounds: [1] })).toThrow("other bounds");
});

test.each(["", "9a", "a-b", "a.b", "__a", "a_total", "a_seconds", "a_bytes", "a_ratio", "a_count", "a_sum", "a_bucket", "x".repeat(129), 3])(
  "no metric is called %s",
  (name) => {
    expect(() => new Metrics().counter(name as string)).toThrow(TypeError);
  },
);

test.each(["", "9", "a-b", "__name__", "le", "quantile", "key", "overflow", "x".repeat(129)])("no label is called %s", (name) => {
  expect(() => new Metrics().counter("a").with({ [name]: "x" })).toThrow(TypeError);
});

test("a label's value is a text, and a series has sixteen labels at most", () => {
  const counter = new Metrics().counter("a");

  expect(() => counter.with({ status: 200 } as never)).toThrow("has a text as its value, not 200");
  expect(() => counter.with(Object.fromEntries(Array.from({ length: 17 }, (_, number) => [`l${number}`, "x"])))).toThrow("at most 16 labels");
});

test.each([-1, NaN, Infinity])("a counter does not grow by %s", (amount) => {
  const counter = new Metrics().counter("a");

  expect(() => counter.add(amount)).toThrow(TypeError);
  expect(() => counter.with({ a: "b" }).add(amount)).toThrow(TypeError);
});

test.each([{ bounds: [2, 1] }, { bounds: [1, 1] }, { bounds: [NaN] }, { bounds: [-1] }, { bounds: Array.from({ length: 51 }, (_, bound) => bound) }])(
  "a histogram takes no bounds such as $bounds",
  ({ bounds }) => {
    expect(() => new Metrics().histogram("a", { bounds })).toThrow(TypeError);
  },
);

test("limits, sizes and options out of bounds are refused at once", () => {
  expect(() => new Metrics({ series: 0 })).toThrow(TypeError);
  expect(() => new Metrics({ serie: 1 } as never)).toThrow('no limit "serie"');
  expect(() => new Metrics().top("a", { size: 101 })).toThrow(TypeError);
  expect(() => new Metrics().top("a", { size: 10, capacity: 9 })).toThrow(TypeError);
  expect(() => new Metrics().gauge("a", { merge: "average" as never })).toThrow(TypeError);
  expect(() => new Metrics().gauge("a", { unit: "days" as never })).toThrow(TypeError);
  expect(() => new Metrics().gauge("a", { help: "x".repeat(1_001) })).toThrow(TypeError);
});

test("a metric has 200 series; what comes beyond is one series more, and is counted", () => {
  const metrics = new Metrics();
  const requests = metrics.counter("requests");

  for (let user = 0; user < 1_000; user++) requests.with({ user: `${user}` }).add();
  for (let user = 0; user < 1_000; user++) requests.with({ user: `${user}` }).add();

  const series = valuesOf(metrics, "requests")!;
  expect(series).toHaveLength(201);
  expect(series[0]).toEqual([{ user: "0" }, 2]);
  expect(series.at(-1)).toEqual([{ overflow: "true" }, 1_600]);
  expect(valuesOf(metrics, "nexios_metrics_overflow")).toEqual([[{ metric: "requests" }, 1_600]]);
});

test("a registry has 2,000 series with labels over all its metrics", () => {
  const metrics = new Metrics();

  for (let metric = 0; metric < 12; metric++)
    for (let value = 0; value < 200; value++)
      metrics
        .gauge(`g${metric}`)
        .with({ value: `${value}` })
        .set(1);

  expect(valuesOf(metrics, "g9")).toHaveLength(200);
  expect(valuesOf(metrics, "g10")).toEqual([[{ overflow: "true" }, 1]]);
  expect(valuesOf(metrics, "nexios_metrics_overflow")).toEqual([
    [{ metric: "g10" }, 200],
    [{ metric: "g11" }, 200],
  ]);
});

test("a unique and a top have twenty series, since each may be large", () => {
  const metrics = new Metrics();

  for (let site = 0; site < 30; site++) {
    metrics
      .unique("users")
      .with({ site: `${site}` })
      .add("ann");
    metrics
      .top("pages")
      .with({ site: `${site}` })
      .add("/");
  }

  expect(valuesOf(metrics, "users")).toHaveLength(21);
  expect(valuesOf(metrics, "pages")).toHaveLength(21);
});

test("a value of more than 256 characters has no series of its own", () => {
  const metrics = new Metrics();

  metrics
    .counter("requests")
    .with({ path: "x".repeat(257) })
    .add();

  expect(valuesOf(metrics, "requests")).toEqual([[{ overflow: "true" }, 1]]);
});

test("a name that is made of what varies is refused at the 501st", () => {
  const metrics = new Metrics();
  for (let user = 0; user < 500; user++) metrics.counter(`user${user}`);

  expect(() => metrics.counter("user500")).toThrow("There are 500 metrics");
  expect(() => metrics.counter("user7").add()).not.toThrow();
});

test("a million label values are 200 series, and one that has all the rest", () => {
  const metrics = new Metrics();
  const requests = metrics.counter("requests");

  for (let user = 0; user < 1_000_000; user++) requests.with({ user: `user ${user}` }).add();

  const series = valuesOf(metrics, "requests")!;
  expect(series).toHaveLength(201);
  expect(series.reduce((sum, [, value]) => sum + (value as number), 0)).toBe(1_000_000);
});

test("a reading is plain data: it is the same after JSON, and does not change afterwards", () => {
  const metrics = new Metrics();
  const [times, users, pages] = [metrics.histogram("times", { unit: "seconds" }), metrics.unique("users"), metrics.top("pages")];
  for (let number = 0; number < 100; number++) {
    times.record(number / 10);
    users.add(`user ${number % 7}`);
    pages.add(`/${number % 3}`);
  }

  const reading = metrics.read();
  const text = JSON.stringify(reading);
  times.record(1);
  users.add("another");

  expect(JSON.parse(text)).toEqual(reading);
  expect(JSON.stringify(reading)).toBe(text);
});
