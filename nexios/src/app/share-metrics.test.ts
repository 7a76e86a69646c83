import { expect, test } from "vitest";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import type { MetricsReading } from "../metrics/reading.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";
import { shareMetrics } from "./share-metrics.ts";

/** Apps of one clock, behind one broker that each of them has. */
function openApps(count: number) {
  const [network, clock] = [new MemoryNetwork(), new ManualClock()];
  const apps = Array.from({ length: count }, () => new NexiosApp({ broker: network.join(), clock }));
  return { clock, apps, shared: apps.map((app) => shareMetrics(app, { clock })) };
}

function valueOf({ families }: MetricsReading, name: string): unknown {
  return families.find((family) => family.name === name)?.series[0]?.value;
}

test("two apps behind one broker each have the whole, and what one has counted stays when it stops", async () => {
  const [network, clock] = [new MemoryNetwork(), new ManualClock()];
  const [a, b] = [0, 1].map(() => {
    const broker = network.join();
    const app = new NexiosApp({ broker, clock });
    return { app, shared: shareMetrics(app, { broker, clock }) };
  });
  await a!.app.start();
  await b!.app.start();
  a!.app.metrics.counter("orders").add(2);
  b!.app.metrics.counter("orders").add(3);
  b!.app.metrics.gauge("queue").set(4);

  await clock.advance(1_000);
  const running = [a!, b!].map(({ shared }) => [valueOf(shared.merged(), "orders"), valueOf(shared.merged(), "queue")]);
  b!.app.metrics.counter("orders").add(5);
  await b!.app.stop();
  const merged = a!.shared.merged();

  expect(running).toEqual([
    [5, 4],
    [5, 4],
  ]);
  expect([valueOf(merged, "orders"), valueOf(merged, "queue")]).toEqual([10, undefined]);
  expect(a!.shared.processes()).toMatchObject([{ isStale: true }]);
  await a!.app.stop();
});

test("the broker is the app's own unless given, and who asks again gets the same", async () => {
  const { clock, apps, shared } = openApps(2);
  await Promise.all(apps.map((app) => app.start()));
  for (const app of apps) app.metrics.counter("orders").add(2);

  await clock.advance(1_000);

  expect(shared.map((each) => valueOf(each.merged(), "orders"))).toEqual([4, 4]);
  expect(apps.map((app) => shareMetrics(app))).toEqual(shared);
  await Promise.all(apps.map((app) => app.stop()));
});

test("of several processes one is the first once they have heard each other, and another when it is gone", async () => {
  const { clock, apps, shared } = openApps(3);
  await Promise.all(apps.map((app) => app.start()));
  const atStart = shared.map((each) => each.isFirst());
  await clock.advance(3_000);
  const settled = shared.map((each) => each.isFirst());

  const [gone] = apps.splice(settled.indexOf(true), 1);
  shared.splice(settled.indexOf(true), 1);
  await gone!.stop();
  const after = shared.map((each) => each.isFirst());

  expect(atStart).toEqual([false, false, false]);
  expect(settled.filter(Boolean)).toHaveLength(1);
  expect(after.filter(Boolean)).toHaveLength(1);
  await Promise.all(apps.map((app) => app.stop()));
});

test("an app that is alone has the whole, tells nobody and is the first", async () => {
  const app = new NexiosApp({ env: {} });
  const shared = shareMetrics(app);
  app.metrics.counter("orders").add(2);

  expect([valueOf(shared.merged(), "orders"), shared.processes(), shared.isFirst()]).toEqual([2, [], true]);
  await app.stop();
});
