import { expect, test } from "vitest";
import type { Broker } from "../broker/broker.ts";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import { BrokerNetwork } from "../simulation/lossy-broker.ts";
import { createRandom } from "../simulation/random.ts";
import { Scheduler } from "../simulation/scheduler.ts";
import { VirtualClock } from "../simulation/virtual-clock.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Clock } from "../world/clock.ts";
import { MetricsExchange, type MetricsExchangeOptions } from "./exchange.ts";
import type { MetricsReading } from "./reading.ts";
import { Metrics } from "./registry.ts";

interface Process {
  readonly metrics: Metrics;
  readonly exchange: MetricsExchange;
}

async function start(processId: string, broker: Broker, clock: Clock, options: Partial<MetricsExchangeOptions> = {}): Promise<Process> {
  const metrics = new Metrics();
  const exchange = new MetricsExchange({ processId, read: () => metrics.read(), broker, clock, ...options });
  await exchange.start();
  return { metrics, exchange };
}

function valueOf(reading: MetricsReading, name: string): unknown {
  return reading.families.find((family) => family.name === name)?.series[0]?.value;
}

test("each process has the whole within a step", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const [a, b, c] = await Promise.all(["a", "b", "c"].map((id) => start(id, network.join(), clock)));
  for (const [index, { metrics }] of [a!, b!, c!].entries()) {
    metrics.counter("requests").add(10 ** index);
    metrics.gauge("rooms").set(index);
    metrics.unique("users").add(`user ${index % 2}`);
  }

  await clock.advance(1_000);

  for (const { exchange } of [a!, b!, c!]) {
    const merged = exchange.merged();
    expect([valueOf(merged, "requests"), valueOf(merged, "rooms")]).toEqual([111, 3]);
    expect(valueOf(merged, "users")).toMatchObject({ hashes: { length: 2 } });
    expect(exchange.processes()).toHaveLength(2);
  }
});

test("a process that is silent for three steps is stale: its gauges go, its counts stay, and it may come back", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const a = await start("a", network.join(), clock);
  const broker = network.join();
  let isMute = false;
  const b = await start("b", { ...forward(broker), publish: (topic, message) => (isMute ? undefined : broker.publish(topic, message)) }, clock);
  b.metrics.counter("requests").add(5);
  b.metrics.gauge("rooms").set(7);

  await clock.advance(1_000);
  isMute = true;
  await clock.advance(2_000);
  const silent = a.exchange.merged();
  const before = a.exchange.processes();
  await clock.advance(1_000);
  const stale = a.exchange.merged();
  const after = a.exchange.processes();
  isMute = false;
  b.metrics.counter("requests").add(1);
  await clock.advance(1_000);

  expect([before, after]).toEqual([[{ processId: "b", isStale: false }], [{ processId: "b", isStale: true }]]);
  expect([silent, stale, a.exchange.merged()].map((merged) => [valueOf(merged, "requests"), valueOf(merged, "rooms")])).toEqual([
    [5, 7],
    [5, undefined],
    [6, 7],
  ]);
});

test("a process that ends says so with its last counts: its gauges go at once", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const [a, b] = [await start("a", network.join(), clock), await start("b", network.join(), clock)];
  b.metrics.gauge("rooms").set(7);
  await clock.advance(1_000);

  b.metrics.counter("requests").add(3);
  b.exchange.stop();
  b.exchange.stop();
  await clock.advance(0);

  const merged = a.exchange.merged();
  expect([valueOf(merged, "requests"), valueOf(merged, "rooms")]).toEqual([3, undefined]);
  expect(a.exchange.processes()).toEqual([{ processId: "b", isStale: true }]);
});

test("a process that starts again is another one: what it counted before stays", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const [a, b] = [await start("a", network.join(), clock), await start("b1", network.join(), clock)];
  b.metrics.counter("requests").add(5);
  await clock.advance(1_000);
  b.exchange.stop();

  const again = await start("b2", network.join(), clock);
  again.metrics.counter("requests").add(2);
  await clock.advance(1_000);

  expect(valueOf(a.exchange.merged(), "requests")).toBe(7);
});

test("of very many processes the counts of those that ended are added up, and none is counted twice", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const a = await start("a", network.join(), clock, { mostProcesses: 3 });
  for (let number = 0; number < 20; number++) {
    const process = await start(`b${number}`, network.join(), clock);
    process.metrics.counter("requests").add(1);
    process.metrics.gauge("rooms").set(1);
    await clock.advance(1_000);
    process.exchange.stop();
  }
  const late = network.join();
  late.publish("nexios/metrics", encode({ processId: "b0", number: 999, isLast: false, reading: { families: [counter(50)] } }));
  await clock.advance(0);

  expect(a.exchange.processes()).toHaveLength(3);
  expect([valueOf(a.exchange.merged(), "requests"), valueOf(a.exchange.merged(), "rooms")]).toEqual([20, undefined]);
});

test("there is room for so many processes that are alive, and not for more", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const a = await start("a", network.join(), clock, { mostProcesses: 3 });
  for (let number = 0; number < 5; number++) (await start(`b${number}`, network.join(), clock)).metrics.counter("requests").add(1);

  await clock.advance(1_000);

  expect(a.exchange.processes()).toHaveLength(3);
  expect(valueOf(a.exchange.merged(), "requests")).toBe(3);
});

test.each([
  "no json",
  "null",
  "[]",
  JSON.stringify({ processId: "", number: 1, isLast: false, reading: { families: [] } }),
  JSON.stringify({ processId: "x".repeat(65), number: 1, isLast: false, reading: { families: [] } }),
  JSON.stringify({ processId: "b", number: 0.5, isLast: false, reading: { families: [] } }),
  JSON.stringify({ processId: "b", number: 1, isLast: 1, reading: { families: [] } }),
  JSON.stringify({ processId: "b", number: 1, isLast: false, reading: { families: [counter(-1)] } }),
  JSON.stringify({ processId: "b", number: 1, isLast: false, reading: { families: [] }, padding: "x".repeat(4 * 1_048_576) }),
])("a message that no process sends is left out: %.40s", async (message) => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const a = await start("a", network.join(), clock);

  network.join().publish("nexios/metrics", new TextEncoder().encode(message));
  await clock.advance(0);

  expect(a.exchange.processes()).toEqual([]);
});

test("a reading that is too large is not published, and the process is silent to others", async () => {
  const [clock, network] = [new ManualClock(), new MemoryNetwork()];
  const a = await start("a", network.join(), clock);
  const large = new Metrics({ series: 20_000, seriesPerMetric: 20_000 });
  for (let number = 0; number < 18_000; number++)
    large
      .counter("requests")
      .with({ id: `${number}`.padStart(250, "0") })
      .add();
  const b = await start("b", network.join(), clock, { read: () => large.read() });

  await clock.advance(1_000);

  expect([a.exchange.processes().length, b.exchange.processes().length]).toEqual([0, 1]);
});

test("options out of bounds are refused at once", () => {
  const services = { processId: "a", read: () => ({ families: [] }), broker: new MemoryNetwork().join(), clock: new ManualClock() };

  expect(() => new MetricsExchange({ ...services, everyMs: 0 })).toThrow(TypeError);
  expect(() => new MetricsExchange({ ...services, mostProcesses: 0 })).toThrow(TypeError);
});

function forward(broker: Broker): Broker {
  return {
    publish: (topic, message) => broker.publish(topic, message),
    subscribe: (topic, deliver) => broker.subscribe(topic, deliver),
    unsubscribe: (topic) => broker.unsubscribe(topic),
    close: () => broker.close(),
  };
}

function counter(value: number) {
  return { kind: "counter", name: "requests", series: [{ labels: {}, value }] };
}

function encode(message: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

test("while messages are lost, doubled, late and out of order no sum goes down, and it is right a step after the last loss: 50 seeds", async () => {
  for (let seed = 1; seed <= 50; seed++) {
    const scheduler = new Scheduler();
    const random = createRandom(seed);
    const network = new BrokerNetwork(scheduler, random);
    const starting = ["a", "b", "c"].map((id) => start(id, network.join(), new VirtualClock(scheduler, { startAt: 0, skewMs: 0 })));
    await scheduler.run(100);
    const processes = await Promise.all(starting);
    network.lossy({ ms: 20_000, lose: 0.5, double: 0.2, reorder: 0.2, delayMs: 2_500 });

    let total = 0;
    const seen = processes.map(() => 0);
    for (let step = 0; step < 40; step++) {
      for (const { metrics } of processes) {
        const amount = Math.floor(random.next() * 10);
        metrics.counter("requests").add(amount);
        total += amount;
      }
      await scheduler.run(500);
      for (const [index, { exchange }] of processes.entries()) {
        const sum = valueOf(exchange.merged(), "requests") as number;
        expect(sum).toBeGreaterThanOrEqual(seen[index]!);
        expect(sum).toBeLessThanOrEqual(total);
        seen[index] = sum;
      }
    }
    await scheduler.run(4_000);

    expect(processes.map(({ exchange }) => valueOf(exchange.merged(), "requests"))).toEqual([total, total, total]);
  }
});
