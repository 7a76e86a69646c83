import { expect, test } from "vitest";
import type { Broker } from "../broker/broker.ts";
import { createMemoryBroker } from "../broker/memory-broker.ts";
import { open } from "./box.fixture.ts";

test("a broker that can't subscribe is told to who joins; members of this process hear each other all the same", async () => {
  const broken: Broker = { ...bound(createMemoryBroker()), subscribe: () => Promise.reject(new Error("broker is away")) };
  const { channels, join } = open({ broker: broken });
  const ann = await join([]);

  await expect(channels.addChannelToGroup(ann.channel, "a")).rejects.toThrow("broker is away");
  channels.groupSend("a", 1);

  expect(await ann.peer.nextJson()).toBe(1);
});

test("a subscription that failed is tried again by the next who adds the channel", async () => {
  const inner = bound(createMemoryBroker());
  let asked = 0;
  const flaky: Broker = {
    ...inner,
    subscribe: (topic, deliver) => (topic === "group:a" && ++asked === 1 ? Promise.reject(new Error("broker is away")) : inner.subscribe(topic, deliver)),
  };
  const { channels, join } = open({ broker: flaky });
  const ann = await join([]);

  await expect(channels.addChannelToGroup(ann.channel, "a")).rejects.toThrow("broker is away");
  const again = await channels.addChannelToGroup(ann.channel, "a");

  expect([again, asked]).toEqual([false, 2]);
});

test("a broker that throws keeps nothing from the members of this process", async () => {
  const throwing: Broker = {
    ...bound(createMemoryBroker()),
    publish: () => {
      throw new Error("broker is away");
    },
  };
  const { channels, join } = open({ broker: throwing });
  const ann = await join(["a"]);

  const report = channels.groupSend("a", 1);

  expect(report).toEqual({ handed: 1, dropped: 0, gone: 0 });
  expect(await ann.peer.nextJson()).toBe(1);
});

test("a group asks the broker for its messages while it has members here, and once", async () => {
  const asked: string[] = [];
  const broker = bound(createMemoryBroker());
  const { channels, join } = open({
    broker: {
      ...broker,
      subscribe: (topic, deliver) => {
        if (topic.startsWith("group:")) asked.push(`+${topic}`);
        return broker.subscribe(topic, deliver);
      },
      unsubscribe: (topic) => {
        asked.push(`-${topic}`);
        broker.unsubscribe(topic);
      },
    },
  });
  const [ann, ben] = [await join(["a"]), await join(["a"])];

  await channels.removeChannelFromGroup(ann.channel, "a");
  const withOne = [...asked];
  await channels.removeChannelFromGroup(ben.channel, "a");
  await channels.addChannelToGroup(ben.channel, "a");

  expect(withOne).toEqual(["+group:a"]);
  expect(asked).toEqual(["+group:a", "-group:a", "+group:a"]);
});

function bound(broker: Broker): Broker {
  return {
    publish: (topic, message) => broker.publish(topic, message),
    subscribe: (topic, deliver) => broker.subscribe(topic, deliver),
    unsubscribe: (topic) => broker.unsubscribe(topic),
    close: () => broker.close(),
  };
}
