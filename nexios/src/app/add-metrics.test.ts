import { expect, test } from "vitest";
import { parseExposition } from "../metrics/text-parser.fixture.ts";
import { Metrics } from "../metrics/registry.ts";
import { auth } from "../server/auth.ts";
import { addMetrics, type AddMetricsOptions } from "./add-metrics.ts";
import { NexiosApp } from "./app.ts";

const jwt = { secret: "0123456789abcdef0123456789abcdef" };
const openmetrics = { accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.3" };

function build(options: AddMetricsOptions, metrics = new Metrics({ series: 20_000, seriesPerMetric: 20_000 })) {
  const app = new NexiosApp({ auth: { jwt }, metrics });
  addMetrics(app, options);
  return app;
}

test("who may see the metrics is always said: without it they are not served", () => {
  expect(() => build({})).toThrow("who may see the metrics");
  expect(() => build({ guard: "none", token: "x".repeat(16) })).toThrow(TypeError);
  expect(() => build({ token: "short" })).toThrow("at least 16 characters");
  for (const token of ["sixteen characters or more", "sixteen,characters"]) expect(() => build({ token })).toThrow("without blanks and commas");
  expect(() => build({ open: true } as never)).toThrow('no option "open"');
});

test("with a token a scraper that sends it gets the metrics, and nobody else", async () => {
  const app = build({ token: "a-token-of-the-test" });

  const statuses = [];
  for (const authorization of [undefined, "Bearer another-token-here", "a-token-of-the-test", "Bearer a-token-of-the-test"])
    statuses.push((await app.request("/metrics", authorization === undefined ? {} : { headers: { authorization } })).status);

  expect(statuses).toEqual([401, 401, 401, 200]);
});

test("with a guard those are let in whom it lets in", async () => {
  const app = build({ path: "/inner/metrics", guard: auth(["jwt"], { allow: ({ id }) => id === "prometheus" }) });
  const as = async (sub: string) => ({ headers: { authorization: `Bearer ${await app.tokens.issue({ sub }, { expiresInSeconds: 60 })}` } });

  expect((await app.request("/inner/metrics")).status).toBe(401);
  expect((await app.request("/inner/metrics", await as("ann"))).status).toBe(403);
  expect((await app.request("/inner/metrics", await as("prometheus"))).status).toBe(200);
  expect((await app.request("/metrics")).status).toBe(404);
});

test("each scraper gets the form that it asks for, kept by no cache", async () => {
  const app = build({ guard: "none" });
  app.metrics.counter("orders", { help: "Orders" }).add(3);

  const [old, modern, head] = [
    await app.request("/metrics"),
    await app.request("/metrics", { headers: openmetrics }),
    await app.request("/metrics", { method: "HEAD" }),
  ];

  expect([old, modern].map(({ headers }) => headers.get("content-type"))).toEqual([
    "text/plain; version=0.0.4; charset=utf-8",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
  ]);
  expect([old.headers.get("cache-control"), old.headers.get("vary")]).toEqual(["no-store", "Accept"]);
  expect(parseExposition(await old.text(), "prometheus").get("orders_total")!.samples).toEqual(new Map([["orders_total{}", 3]]));
  expect(parseExposition(await modern.text(), "openmetrics").get("orders")!.samples).toEqual(new Map([["orders_total{}", 3]]));
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test("what is shown may be the whole of several processes", async () => {
  const app = build({ guard: "none", read: () => ({ families: [{ kind: "counter", name: "orders", series: [{ labels: {}, value: 12 }] }] }) });

  expect(await (await app.request("/metrics")).text()).toBe("# TYPE orders_total counter\norders_total 12\n");
});

test("10,000 series are read by a strict parser over a real port, and no counter of the second scrape is below the first", async () => {
  await using app = build({ guard: "none" });
  const [orders, waits] = [app.metrics.counter("orders"), app.metrics.histogram("wait", { unit: "seconds" })];
  const series = Array.from({ length: 9_000 }, (_, number) => orders.with({ shop: `${number}` }));
  const histograms = Array.from({ length: 1_000 }, (_, number) => waits.with({ shop: `${number}` }));
  const { url } = await app.listen({ port: 0 });
  const end = new AbortController();
  const load = async (): Promise<void> => {
    while (!end.signal.aborted) {
      for (let run = 0; run < 1_000; run++) {
        series[run * 7]!.add();
        histograms[run]!.record(run / 100);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const loading = load();

  const scrape = async () => parseExposition(await (await fetch(`${url}/metrics`, { headers: openmetrics })).text(), "openmetrics");
  const [first, second] = [await scrape(), await scrape()];
  end.abort();
  await loading;

  expect([first.get("orders")!.samples.size, first.get("wait_seconds")!.samples.size]).toEqual([9_000, 14_000]);
  for (const name of ["orders", "wait_seconds"]) {
    const later = second.get(name)!.samples;
    expect([...first.get(name)!.samples].filter(([sample, value]) => !(later.get(sample)! >= value))).toEqual([]);
  }
});
