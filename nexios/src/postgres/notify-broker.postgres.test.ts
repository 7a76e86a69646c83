import { afterEach, expect, test, vi } from "vitest";
import type { Broker } from "../broker/broker.ts";
import { brokerSuite } from "../broker/broker-suite.ts";
import { usePostgres } from "./database.fixture.ts";
import { createNotifyBroker, type NotifyBrokerOptions } from "./notify-broker.ts";

const postgres = usePostgres();
const open = new Set<Broker>();

afterEach(async () => {
  await Promise.all([...open].map((broker) => broker.close()));
  open.clear();
});

function create(url: string, options: Partial<NotifyBrokerOptions> = {}): Broker {
  const broker = createNotifyBroker({ url, ...options });
  open.add(broker);
  return broker;
}

const suite = brokerSuite(async () => {
  const url = await postgres.newUrl();
  const [a, b] = [createNotifyBroker({ url }), createNotifyBroker({ url })];
  return { a, b, close: async () => void (await Promise.all([a.close(), b.close()])) };
});

test.each(suite)("NOTIFY broker: $title", async ({ run }) => {
  await expect(run()).resolves.toBeUndefined();
});

/** All that comes on a topic. */
async function hear(broker: Broker, topic: string): Promise<Uint8Array[]> {
  const heard: Uint8Array[] = [];
  await broker.subscribe(topic, (message) => void heard.push(message));
  return heard;
}

test("a message of more bytes than a NOTIFY takes comes whole, in its place among others", async () => {
  const url = await postgres.newUrl();
  const [a, b] = [create(url), create(url)];
  const heard = await hear(b, "t");
  const large = Uint8Array.from({ length: 100_000 }, (_, index) => index * 7);

  for (const message of [Uint8Array.of(1), large, Uint8Array.of(2)]) a.publish("t", message);

  await vi.waitFor(() => expect(heard).toEqual([Uint8Array.of(1), large, Uint8Array.of(2)]));
});

test("equal messages are told as often as they are published", async () => {
  const url = await postgres.newUrl();
  const [a, b] = [create(url), create(url)];
  const heard = await hear(b, "t");

  for (let count = 0; count < 3; count++) a.publish("t", Uint8Array.of(1));

  await vi.waitFor(() => expect(heard.length).toBe(3));
});

test("a message past its limit is dropped, and the next one comes", async () => {
  const url = await postgres.newUrl();
  const [a, b] = [create(url, { messageBytes: 1_000 }), create(url)];
  const heard = await hear(b, "t");

  a.publish("t", new Uint8Array(1_001));
  a.publish("t", new Uint8Array(1_000));

  await vi.waitFor(() => expect(heard.map(({ length }) => length)).toEqual([1_000]));
});

test("what waits for the database is bounded: the oldest goes", async () => {
  const url = await postgres.newUrl();
  const [a, b] = [create(url, { waitingBytes: 10_000 }), create(url)];
  const heard = await hear(b, "t");

  for (let index = 0; index < 100; index++) a.publish("t", new Uint8Array(1_000).fill(index));

  await vi.waitFor(() => expect(heard.map(([first]) => first)).toEqual([93, 94, 95, 96, 97, 98, 99]));
});

test("applications in schemas of their own do not hear each other", async () => {
  const [a, other, b] = [await postgres.newUrl(), await postgres.newUrl()].flatMap((url, index) => (index === 0 ? [create(url)] : [create(url), create(url)]));
  const heard = await hear(b!, "t");

  a!.publish("t", Uint8Array.of(1));
  other!.publish("t", Uint8Array.of(2));

  await vi.waitFor(() => expect(heard).toEqual([Uint8Array.of(2)]));
});

test("it tells when the database is away and when it is back, and then topics are heard as before", async () => {
  const url = await postgres.newUrl();
  const [a, b] = [create(url, { random: () => 0.1 }), create(url, { random: () => 0.1 })];
  const told: boolean[] = [];
  b.onConnection?.((isConnected) => void told.push(isConnected));
  const heard = await hear(b, "t");

  await postgres.server.stop("SIGQUIT");
  await vi.waitFor(() => expect(told).toEqual([false]));
  await postgres.server.start();
  await vi.waitFor(() => expect(told).toEqual([false, true]), { timeout: 10_000 });
  await vi.waitFor(() => {
    a.publish("t", Uint8Array.of(5));
    expect(heard.length).toBeGreaterThan(0);
  });

  expect(heard[0]).toEqual(Uint8Array.of(5));
});
