import { expect, test } from "vitest";
import type { Broker, Deliver } from "./broker.ts";
import { brokerSuite } from "./broker-suite.ts";
import { createMemoryBroker, MemoryNetwork } from "./memory-broker.ts";

const suite = brokerSuite(() => {
  const network = new MemoryNetwork();
  const [a, b] = [network.join(), network.join()];
  return Promise.resolve({ a, b, close: async () => void (await Promise.all([a.close(), b.close()])) });
});

test.each(suite)("$title", async (suiteCase) => {
  await expect(suiteCase.run()).resolves.toBeUndefined();
});

test("a third member hears what the others hear", async () => {
  const network = new MemoryNetwork();
  const [a, b, c] = [network.join(), network.join(), network.join()];
  const heard: string[] = [];
  await b.subscribe("t", (message) => heard.push(`b${message[0]}`));
  await c.subscribe("t", (message) => heard.push(`c${message[0]}`));

  a.publish("t", Uint8Array.of(1));
  await Promise.resolve();

  expect(heard).toEqual(["b1", "c1"]);
});

test("it says whether there is anybody else to tell", async () => {
  const network = new MemoryNetwork();
  const a = network.join();
  const alone = a.hasOthers?.();
  const b = network.join();
  const together = a.hasOthers?.();
  await b.close();

  expect([alone, together, a.hasOthers?.()]).toEqual([false, true, false]);
});

test("a publication is delivered after the publisher goes on", async () => {
  const network = new MemoryNetwork();
  const [a, b] = [network.join(), network.join()];
  const order: string[] = [];
  await b.subscribe("t", () => order.push("delivered"));

  a.publish("t", Uint8Array.of(1));
  order.push("published");
  await Promise.resolve();

  expect(order).toEqual(["published", "delivered"]);
});

test("a closed member hears nothing", async () => {
  const network = new MemoryNetwork();
  const [a, b] = [network.join(), network.join()];
  let heard = 0;
  await b.subscribe("t", () => heard++);

  await b.close();
  a.publish("t", Uint8Array.of(1));
  await Promise.resolve();

  expect(heard).toBe(0);
});

test("networks are apart, and an app that is alone publishes to nobody", async () => {
  const [alone, other] = [createMemoryBroker(), createMemoryBroker()];
  let heard = 0;
  await alone.subscribe("t", () => heard++);
  await other.subscribe("t", () => heard++);

  alone.publish("t", Uint8Array.of(1));
  await Promise.resolve();

  expect(heard).toBe(0);
});

function createEcho(): Broker {
  const topics = new Map<string, Deliver>();
  return {
    publish: (topic, message) => topics.get(topic)?.(message),
    subscribe: (topic, deliver) => Promise.resolve(void topics.set(topic, deliver)),
    unsubscribe: (topic) => void topics.delete(topic),
    close: () => Promise.resolve(),
  };
}

test("a broker that hears itself fails the suite", async () => {
  const suiteCase = brokerSuite(() => Promise.resolve({ a: createEcho(), b: createEcho(), close: () => Promise.resolve() })).find(({ title }) =>
    title.includes("does not come back"),
  );

  await expect(suiteCase!.run()).rejects.toThrow("expected 2, got 1");
});
