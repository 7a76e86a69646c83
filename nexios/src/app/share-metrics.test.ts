import { expect, test } from "vitest";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import type { MetricsReading } from "../metrics/reading.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";
import { shareMetrics } from "./share-metrics.ts";

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
