import { expect, test } from "vitest";
import { brokerSuite } from "../broker/broker-suite.ts";
import { drive } from "./drive.fixture.ts";
import { BrokerNetwork, type Loss, type LossyBroker } from "./lossy-broker.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

const noLoss: Loss = { ms: 60_000, lose: 0, double: 0, reorder: 0, delayMs: 0 };

interface Bench {
  readonly scheduler: Scheduler;
  readonly network: BrokerNetwork;
  readonly a: LossyBroker;
  readonly b: LossyBroker;
  /** What `b` has heard on the topic "t". */
  readonly heard: number[];
}

async function open(seed = 1): Promise<Bench> {
  const scheduler = new Scheduler();
  const network = new BrokerNetwork(scheduler, createRandom(seed));
  const [a, b] = [network.join(), network.join()];
  const heard: number[] = [];
  await drive(
    scheduler,
    b.subscribe("t", (message) => heard.push(...message)),
  );
  return { scheduler, network, a, b, heard };
}

async function publish({ scheduler, a }: Bench, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    a.publish("t", Uint8Array.of(index));
    await scheduler.run(1);
  }
  await scheduler.run(1_000);
}

let scheduler = new Scheduler();
const suite = brokerSuite(() => {
  scheduler = new Scheduler();
  const network = new BrokerNetwork(scheduler, createRandom(1));
  const [a, b] = [network.join(), network.join()];
  return Promise.resolve({ a, b, close: async () => void (await Promise.all([a.close(), b.close()])) });
});

test.each(suite)("while nothing is wrong, $title", async ({ run }) => {
  const running = run();

  await expect(drive(scheduler, running)).resolves.toBeUndefined();
});

test("messages of one sender and topic keep their order, those of different topics need not", async () => {
  const bench = await open();
  const order: string[] = [];
  for (const topic of ["t", "u"])
    await drive(
      bench.scheduler,
      bench.b.subscribe(topic, (message) => order.push(`${topic}${message.join()}`)),
    );

  for (let index = 0; index < 50; index++) {
    bench.a.publish("t", Uint8Array.of(index));
    bench.a.publish("u", Uint8Array.of(index));
  }
  await bench.scheduler.run(20);

  const of = (topic: string): string[] => order.filter((each) => each.startsWith(topic));
  expect(of("t")).toEqual(Array.from({ length: 50 }, (_, index) => `t${index}`));
  expect(of("u")).toEqual(Array.from({ length: 50 }, (_, index) => `u${index}`));
  expect(order).not.toEqual(Array.from({ length: 50 }, (_, index) => [`t${index}`, `u${index}`]).flat());
});

test("some deliveries are lost, and none after the window", async () => {
  const bench = await open();

  const isLossy = bench.network.lossy({ ...noLoss, ms: 100, lose: 0.5 });
  await publish(bench, 100);
  const lossy = bench.heard.length;
  await publish(bench, 100);

  expect(isLossy).toBe(true);
  expect(lossy).toBeGreaterThan(25);
  expect(lossy).toBeLessThan(75);
  expect(bench.heard.length - lossy).toBe(100);
});

test("some deliveries come twice", async () => {
  const bench = await open();

  bench.network.lossy({ ...noLoss, double: 0.5 });
  await publish(bench, 100);

  expect(new Set(bench.heard).size).toBe(100);
  expect(bench.heard.length).toBeGreaterThan(125);
});

test("some deliveries are overtaken by later ones", async () => {
  const bench = await open();

  bench.network.lossy({ ...noLoss, reorder: 0.5 });
  await publish(bench, 100);

  expect(bench.heard).toHaveLength(100);
  expect(bench.heard).not.toEqual(bench.heard.toSorted((a, b) => a - b));
});

test("deliveries are late by at most the given delay, and still in order", async () => {
  const bench = await open();

  bench.network.lossy({ ...noLoss, delayMs: 500 });
  for (let index = 0; index < 100; index++) bench.a.publish("t", Uint8Array.of(index));
  await bench.scheduler.run(20);
  const soon = bench.heard.length;
  await bench.scheduler.run(500);

  expect(soon).toBeLessThan(20);
  expect(bench.heard).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test("while it is away all is lost, what is under way too, and each member is told when it can be heard again", async () => {
  const bench = await open();
  const reconnects: string[] = [];
  for (const name of ["c", "d"]) bench.network.join({ onReconnect: () => reconnects.push(`${name} ${bench.scheduler.now}`) });
  const start = bench.scheduler.now;
  bench.a.publish("t", Uint8Array.of(1));

  const away = [bench.network.away(1_000), bench.network.away(500), bench.network.away(0)];
  await bench.scheduler.run(500);
  bench.a.publish("t", Uint8Array.of(2));
  const extended = bench.network.away(1_500);
  await bench.scheduler.run(1_500);
  const told = reconnects.length;
  await bench.scheduler.run(20);
  bench.a.publish("t", Uint8Array.of(3));
  await bench.scheduler.run(20);

  expect([away, extended]).toEqual([[true, false, false], true]);
  expect([told, bench.heard]).toEqual([0, [3]]);
  expect(reconnects.map((each) => each.charAt(0)).toSorted()).toEqual(["c", "d"]);
  expect(Math.min(...reconnects.map((each) => Number(each.slice(2))))).toBeGreaterThan(start + 2_000);
});

test("what is published just before the broker is back is lost", async () => {
  const bench = await open();
  bench.network.away(1_000);
  await bench.scheduler.run(999.9);

  for (let index = 0; index < 100; index++) bench.a.publish("t", Uint8Array.of(index));
  await bench.scheduler.run(1_000);

  expect(bench.heard).toEqual([]);
});

test("what a process publishes does not come back to it, however long one waits", async () => {
  const bench = await open();

  for (let index = 0; index < 100; index++) bench.b.publish("t", Uint8Array.of(index));
  await bench.scheduler.run(1_000);

  expect(bench.heard).toEqual([]);
});

test("what comes before the broker knows of a subscription is not heard", async () => {
  const bench = await open();
  let heard = 0;
  for (let topic = 0; topic < 100; topic++) bench.a.publish(`late ${topic}`, Uint8Array.of(1));
  await bench.scheduler.run(0.45);

  const subscribing = Array.from({ length: 100 }, (_, topic) => bench.b.subscribe(`late ${topic}`, () => heard++));
  await drive(bench.scheduler, Promise.all(subscribing));

  expect([heard > 20, heard < 80]).toEqual([true, true]);
});

test("a subscription that is asked for while the broker is away begins when it is back", async () => {
  const bench = await open();
  bench.network.away(1_000);
  const start = bench.scheduler.now;

  await drive(
    bench.scheduler,
    bench.b.subscribe("u", () => undefined),
  );

  expect(bench.scheduler.now).toBeGreaterThan(start + 1_000);
});

test("a member that has died hears nothing and tells nothing, and what it had published arrives", async () => {
  const bench = await open();
  let reconnects = 0;
  const dead = bench.network.join({ onReconnect: () => reconnects++ });
  const heard: number[] = [];
  await drive(
    bench.scheduler,
    dead.subscribe("t", (message) => heard.push(...message)),
  );
  dead.publish("t", Uint8Array.of(1));
  bench.a.publish("t", Uint8Array.of(2));

  dead.kill();
  dead.publish("t", Uint8Array.of(3));
  bench.network.away(0.1);
  await bench.scheduler.run(100);

  expect([heard, bench.heard.toSorted((a, b) => a - b), reconnects]).toEqual([[], [1, 2], 0]);
});

test("a stalled process hears late, and nothing that it has unsubscribed from meanwhile", async () => {
  const bench = await open();
  const clock = new VirtualClock(bench.scheduler, { startAt: 0, skewMs: 0 });
  const member = bench.network.join({ gate: clock });
  const heard: string[] = [];
  for (const topic of ["t", "u"])
    await drive(
      bench.scheduler,
      member.subscribe(topic, () => heard.push(`${topic} ${clock.monotonic() >= 1_000}`)),
    );
  clock.stall(1_000);

  for (const topic of ["t", "u"]) bench.a.publish(topic, Uint8Array.of(1));
  await bench.scheduler.run(500);
  const before = [...heard];
  member.unsubscribe("u");
  await bench.scheduler.run(1_000);

  expect([before, heard]).toEqual([[], ["t true"]]);
});

test("losses without a duration do nothing", async () => {
  const { network } = await open();

  expect(network.lossy({ ...noLoss, ms: 0, lose: 1 })).toBe(false);
});
