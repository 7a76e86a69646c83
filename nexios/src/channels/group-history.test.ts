import { expect, test } from "vitest";
import type { Broker, MessageKeeper } from "../broker/broker.ts";
import { createMemoryBroker, MemoryNetwork } from "../broker/memory-broker.ts";
import { open, settled } from "./box.fixture.ts";
import { HistoryReader } from "./history-reader.ts";

const keeping = { group: (name: string) => (name === "other" ? undefined : { keep: 3 }) };
const withHistory = { withHistory: true };

/** A broker whose history is read when the test says so. */
function openSlow(limits = {}) {
  const network = new MemoryNetwork();
  const inner = network.join();
  const keeper = inner.keeper!;
  const readings: PromiseWithResolvers<void>[] = [];
  const slow: MessageKeeper = {
    publish: (topic, message, rules) => keeper.publish(topic, message, rules),
    async read(topic, rules, cut) {
      const reading = Promise.withResolvers<void>();
      readings.push(reading);
      await reading.promise;
      return keeper.read(topic, rules, cut);
    },
  };
  const broker: Broker = {
    keeper: slow,
    publish: (topic, message) => inner.publish(topic, message),
    subscribe: (topic, deliver) => inner.subscribe(topic, deliver),
    unsubscribe: (topic) => inner.unsubscribe(topic),
    close: () => inner.close(),
  };
  const here = open({ broker, channels: keeping, limits });
  const there = open({ broker: network.join(), channels: keeping });
  const nextReading = async (): Promise<PromiseWithResolvers<void>> => {
    while (readings.length === 0) await Promise.resolve();
    return readings.shift()!;
  };
  return { here, there, nextReading };
}

test("who comes in with the history gets it first, then what follows, on whatever process both are", async () => {
  const network = new MemoryNetwork();
  const [here, there] = [open({ broker: network.join(), channels: keeping }), open({ broker: network.join(), channels: keeping })];
  here.channels.groupSend("a", 1);
  there.channels.groupSend("a", 2);
  const [ann, ben] = [await here.join([]), await there.join([])];

  await here.channels.addChannelToGroup(ann.channel, "a", withHistory);
  here.channels.groupSend("a", 3);
  await there.channels.addChannelToGroup(ben.channel, "a", withHistory);
  there.channels.groupSend("a", 4);

  for (const { peer, settle } of [ann, ben]) {
    expect([await peer.nextJson(), await peer.nextJson(), await peer.nextJson(), await peer.nextJson()]).toEqual([1, 2, 3, 4]);
    expect(await settle()).toEqual(settled);
  }
  expect(await here.channels.history("a")).toEqual([2, 3, 4]);
  expect(await there.channels.history("a")).toEqual([2, 3, 4]);
});

test("what is sent while the history is read comes once and behind it, whether it was kept before or after", async () => {
  const { here, there, nextReading } = openSlow();
  const ann = await here.join([]);
  here.channels.groupSend("a", "before");
  const coming = here.channels.addChannelToGroup(ann.channel, "a", withHistory);
  const reading = await nextReading();

  // Kept when the history is read at last.
  for (const payload of ["own 1", "own 2"]) here.channels.groupSend("a", payload);
  there.channels.groupSend("a", "their 1");
  await Promise.resolve();
  reading.resolve();
  await Promise.resolve();
  // Read already, and not given yet.
  const report = here.channels.groupSend("a", "own 3");
  const added = await coming;
  here.channels.groupSend("a", "after");

  const heard: unknown[] = [];
  for (let count = 0; count < 5; count++) heard.push(await ann.peer.nextJson());
  expect(heard).toEqual(["own 1", "own 2", "their 1", "own 3", "after"]);
  expect([added, report.handed]).toEqual([true, 1]);
  expect(await ann.settle()).toEqual(settled);
});

test("what is excluded, or does not fit, is not in what waits behind the history, and the rest is", async () => {
  const { here, nextReading } = openSlow();
  const ann = await here.join([]);
  const coming = here.channels.addChannelToGroup(ann.channel, "a", withHistory);
  const reading = await nextReading();

  here.channels.groupSend("a", 1, { exclude: ann.channel });
  const report = here.channels.groupSend("a", Uint8Array.of(1));
  reading.reject(new Error("not read"));
  await expect(coming).rejects.toThrow("not read");
  here.channels.groupSend("a", 2);

  expect(report).toEqual({ handed: 0, dropped: 1, gone: 0 });
  expect(await ann.peer.nextJson()).toBe(2);
  expect(await ann.settle()).toEqual(settled);
});

test("past `queuedBytes` the oldest of what waits behind the history are lost, and counted", async () => {
  const { here, nextReading } = openSlow({ queuedBytes: 1_000 });
  const ann = await here.join([]);
  const coming = here.channels.addChannelToGroup(ann.channel, "a", withHistory);
  const reading = await nextReading();

  const reports = ["1", "2", "3"].map((each) => here.channels.groupSend("a", each.repeat(400)));
  reading.reject(new Error("not read"));
  await expect(coming).rejects.toThrow("not read");

  expect(reports.map(({ dropped }) => dropped)).toEqual([0, 0, 1]);
  expect([await ann.peer.nextJson(), await ann.peer.nextJson(), await ann.settle()]).toEqual(["2".repeat(400), "3".repeat(400), settled]);
});

test("who leaves, or ends, while the history is read gets nothing of it", async () => {
  const { here, nextReading } = openSlow();
  const [ann, ben] = [await here.join([]), await here.join([])];
  here.channels.groupSend("a", 1);
  const coming = [ann, ben].map(({ channel }) => here.channels.addChannelToGroup(channel, "a", withHistory));
  const readings = [await nextReading()];

  const removed = await here.channels.removeChannelFromGroup(ann.channel, "a");
  ben.peer.close();
  await ben.peer.closed;
  readings[0]!.resolve();
  readings.push(await nextReading());
  readings[1]!.resolve();
  await Promise.all(coming);
  here.channels.groupSend("a", 2);

  expect([removed, here.channels.groupNames]).toEqual([true, []]);
  expect(await ann.settle()).toEqual(settled);
});

test("two channels of a connection that come in together get the history once, and go on until both have left", async () => {
  const { channels, join } = open({ channels: keeping });
  channels.groupSend("a", 1);
  const ann = await join([], { payloadType: "json" }, { payloadType: "json" });

  await Promise.all(ann.channels.map((channel) => channels.addChannelToGroup(channel, "a", withHistory)));
  channels.groupSend("a", 2);
  await channels.removeChannelFromGroup(ann.channels[0]!, "a");
  channels.groupSend("a", 3);
  await channels.removeChannelFromGroup(ann.channels[1]!, "a");
  channels.groupSend("a", 4);

  expect([await ann.peer.nextJson(), await ann.peer.nextJson(), await ann.peer.nextJson(), await ann.settle()]).toEqual([1, 2, 3, settled]);
});

test("who comes in with the history counts towards `groupsPerConnection` before it has been read", async () => {
  const { here, nextReading } = openSlow({ groupsPerConnection: 1 });
  const ann = await here.join([]);
  const coming = here.channels.addChannelToGroup(ann.channel, "a", withHistory);
  const reading = await nextReading();

  await expect(here.channels.addChannelToGroup(ann.channel, "b", withHistory)).rejects.toMatchObject({ code: "TOO_MANY_GROUPS" });
  reading.resolve();

  expect(await coming).toBe(true);
});

test("with the history of a group that keeps none a channel comes in as without", async () => {
  const { channels, join } = open({ channels: keeping });
  channels.groupSend("other", 1);
  const ann = await join([]);

  expect(await channels.addChannelToGroup(ann.channel, "other", withHistory)).toBe(true);
  channels.groupSend("other", 2);

  expect([await ann.peer.nextJson(), await ann.settle()]).toEqual([2, settled]);
});

test("a broker that keeps nothing refuses the history by a code, and delivers all the same", async () => {
  const { keeper: _, ...broker } = plain(createMemoryBroker());
  const { channels, join } = open({ broker, channels: keeping });
  const ann = await join(["a"]);

  channels.groupSend("a", 1);

  await expect(channels.history("a")).rejects.toMatchObject({ code: "NO_HISTORY", message: expect.stringContaining("REDIS_URL") });
  await expect(channels.addChannelToGroup(ann.channel, "b", withHistory)).rejects.toMatchObject({ code: "NO_HISTORY" });
  expect(await channels.history("other")).toEqual([]);
  expect([await ann.peer.nextJson(), channels.groupNames]).toEqual([1, ["a"]]);
});

test("a payload that is larger than the broker takes is refused by a code, and reaches nobody", async () => {
  const { channels, join } = open({ broker: { ...plain(createMemoryBroker()), payloadBytes: 10 } });
  const ann = await join(["a"]);
  const elsewhere = ann.channel.id.replace(/^./, (first) => (first === "a" ? "b" : "a"));

  channels.groupSend("a", "\u00e41234567");

  for (const send of [() => channels.groupSend("a", "\u00e4123456789"), () => channels.sendTo(elsewhere, "\u00e4123456789")])
    expect(send).toThrow(expect.objectContaining({ code: "LIMIT", message: expect.stringContaining("REDIS_URL") }));
  expect(channels.sendTo(ann.channel.id, "x".repeat(100))).toBe(true);
  expect([await ann.peer.nextJson(), await ann.peer.nextJson()]).toEqual(["\u00e41234567", "x".repeat(100)]);
});

test("a thousand who come at once cost two readings", async () => {
  let asked = 0;
  const reader = new HistoryReader({
    publish: () => undefined,
    read: async () => {
      asked++;
      await Promise.resolve();
      return [];
    },
  });

  await Promise.all(Array.from({ length: 1_000 }, () => reader.read("a", { keep: 1, keepBytes: 1, keepMs: 1 })));
  const atOnce = asked;
  await reader.read("a", { keep: 1, keepBytes: 1, keepMs: 1 });

  expect([atOnce, asked]).toEqual([2, 3]);
});

function plain(broker: Broker): Broker {
  return {
    publish: (topic, message) => broker.publish(topic, message),
    subscribe: (topic, deliver) => broker.subscribe(topic, deliver),
    unsubscribe: (topic) => broker.unsubscribe(topic),
    close: () => broker.close(),
  };
}
