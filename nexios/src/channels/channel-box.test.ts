import { afterEach, expect, test } from "vitest";
import { NexiosApp } from "../app/app.ts";
import type { AppOptions } from "../app/options.ts";
import type { Broker } from "../broker/broker.ts";
import { createMemoryBroker, MemoryNetwork } from "../broker/memory-broker.ts";
import { connect } from "../testing/connect.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { Channel, type ChannelOptions } from "./channel.ts";

const apps: NexiosApp[] = [];

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop({ deadlineMs: 0 });
});

/** An app, and a function that connects a peer and gives both ends. */
function open(options: AppOptions = {}) {
  const clock = new ManualClock();
  const app = new NexiosApp({ auth: { jwt: { secret: "a secret of at least thirty-two bytes" } }, clock, ...options });
  apps.push(app);
  let arriving = Promise.withResolvers<Channel[]>();
  let wanted: readonly ChannelOptions[] = [];
  app.wsRoute("/", async (ws) => {
    await ws.accept();
    arriving.resolve(wanted.map((each) => new Channel(ws, each)));
    for await (const message of ws.messages()) await ws.sendJson({ echo: message });
  });
  async function join(groupNames: readonly string[], ...channelOptions: readonly ChannelOptions[]) {
    wanted = channelOptions.length === 0 ? [{ payloadType: "json" }] : channelOptions;
    arriving = Promise.withResolvers<Channel[]>();
    const peer = await connect(app, "/");
    const channels = await arriving.promise;
    for (const channel of channels) for (const name of groupNames) await app.channels.addChannelToGroup(channel, name);
    // What comes back is behind all that was sent before.
    const settle = (): Promise<unknown> => {
      peer.sendJson("settled");
      return peer.nextJson();
    };
    return { peer, channel: channels[0]!, channels, settle };
  }
  return { app, clock, join, channels: app.channels };
}

const settled = { echo: "settled" };

test("a send reaches all members of its group and nobody else", async () => {
  const { channels, join } = open();
  const [ann, ben, eve] = [await join(["a"]), await join(["a", "b"]), await join(["b"])];

  const report = channels.groupSend("a", { n: 1 });

  expect(report).toEqual({ handed: 2, dropped: 0, gone: 0 });
  expect(await ann.peer.nextJson()).toEqual({ n: 1 });
  expect(await ben.peer.nextJson()).toEqual({ n: 1 });
  expect(await eve.settle()).toEqual(settled);
});

test("the excluded channel gets nothing of the send", async () => {
  const { channels, join } = open();
  const [ann, ben] = [await join(["a"]), await join(["a"])];

  const report = channels.groupSend("a", 1, { exclude: ann.channel });

  expect(report.handed).toBe(1);
  expect(await ben.peer.nextJson()).toBe(1);
  expect(await ann.settle()).toEqual(settled);
});

test("each channel gets a payload in the form of its type, bytes reach channels of bytes alone", async () => {
  const { channels, join } = open();
  const json = await join(["a"], { payloadType: "json" });
  const text = await join(["a"], { payloadType: "text" });
  const bytes = await join(["a"], { payloadType: "bytes" });

  channels.groupSend("a", "hi");
  channels.groupSend("a", Uint8Array.of(1, 2));

  expect(await json.peer.next()).toBe('"hi"');
  expect(await text.peer.next()).toBe("hi");
  expect(await bytes.peer.next()).toEqual(new TextEncoder().encode("hi"));
  expect(await bytes.peer.next()).toEqual(Uint8Array.of(1, 2));
  expect(await json.settle()).toEqual(settled);
});

test("who was removed still gets what was sent before, and nothing more", async () => {
  const { channels, join } = open();
  const ann = await join(["a"]);

  channels.groupSend("a", 1);
  const removed = await channels.removeChannelFromGroup(ann.channel, "a");
  channels.groupSend("a", 2);
  const again = await channels.removeChannelFromGroup(ann.channel, "a");

  expect([removed, again]).toEqual([true, false]);
  expect(channels.groupsOf(ann.channel)).toEqual([]);
  expect(await ann.peer.nextJson()).toBe(1);
  expect(await ann.settle()).toEqual(settled);
  expect(channels.groupNames).toEqual([]);
});

test("a channel leaves its groups with its connection, and groups without members are forgotten", async () => {
  const { channels, join } = open();
  const [ann, ben] = [await join(["a", "b"]), await join(["b"])];

  ann.peer.close();
  await ann.peer.closed;
  const report = channels.groupSend("b", 1);

  expect(report).toEqual({ handed: 1, dropped: 0, gone: 1 });
  expect(channels.groupNames).toEqual(["b"]);
  expect(channels.members("b")).toEqual([ben.channel]);
  expect(channels.groupsOf(ann.channel)).toEqual([]);
  expect(await channels.addChannelToGroup(ann.channel, "a")).toBe(false);
  expect(channels.groupNames).toEqual(["b"]);
});

test("a channel is in a group once, and knows its groups", async () => {
  const { channels, join } = open();
  const ann = await join(["a", "b"]);

  const again = await channels.addChannelToGroup(ann.channel, "a");
  channels.groupSend("a", 1);

  expect(again).toBe(false);
  expect(channels.groupsOf(ann.channel)).toEqual(["a", "b"]);
  expect(await ann.peer.nextJson()).toBe(1);
  expect(await ann.settle()).toEqual(settled);
});

test("a connection with two channels in a group gets a payload once, until both have left", async () => {
  const { channels, join } = open();
  const ann = await join(["a"], { payloadType: "json" }, { payloadType: "json" });

  channels.groupSend("a", 1);
  await channels.removeChannelFromGroup(ann.channels[0]!, "a");
  channels.groupSend("a", 2);
  await channels.removeChannelFromGroup(ann.channels[1]!, "a");
  channels.groupSend("a", 3);

  expect([await ann.peer.nextJson(), await ann.peer.nextJson(), await ann.settle()]).toEqual([1, 2, settled]);
});

test("a connection with channels of two types in a group gets both forms, and an excluded one only the other", async () => {
  const { channels, join } = open();
  const ann = await join(["a"], { payloadType: "json" }, { payloadType: "text" });

  channels.groupSend("a", "x");
  channels.groupSend("a", "y", { exclude: ann.channel });

  expect([await ann.peer.next(), await ann.peer.next(), await ann.peer.next()]).toEqual(['"x"', "x", "y"]);
  expect(await ann.settle()).toEqual(settled);
});

test("a send to a channel by its id reaches it alone", async () => {
  const { channels, join } = open();
  const [ann, ben] = [await join(["a"]), await join(["a"])];

  const outcomes = [channels.sendTo(ann.channel.id, { n: 1 }), channels.sendTo(ann.channel.id, Uint8Array.of(1)), channels.sendTo("stranger", 1)];

  expect(outcomes).toEqual([true, false, false]);
  expect(await ann.peer.nextJson()).toEqual({ n: 1 });
  expect(await ben.settle()).toEqual(settled);
});

test("a payload without a JSON form is the sender's mistake; a group that nobody is in takes everything", () => {
  const { channels } = open();

  expect(() => channels.groupSend("a", undefined)).toThrow(TypeError);
  expect(channels.groupSend("a", 1)).toEqual({ handed: 0, dropped: 0, gone: 0 });
  expect(channels.groupNames).toEqual([]);
});

test("the groups of a connection and of an app are counted, and the place of one that is left is free", async () => {
  const { channels, join } = open({ limits: { groupsPerConnection: 2, groups: 3 } });
  const [ann, ben] = [await join(["a", "b"]), await join([])];
  const refused = expect.objectContaining({ code: "TOO_MANY_GROUPS" });

  await expect(channels.addChannelToGroup(ann.channel, "c")).rejects.toEqual(refused);
  await channels.addChannelToGroup(ben.channel, "c");
  await expect(channels.addChannelToGroup(ben.channel, "d")).rejects.toEqual(refused);
  await channels.removeChannelFromGroup(ann.channel, "a");

  expect(await channels.addChannelToGroup(ben.channel, "d")).toBe(true);
  expect(channels.groupNames).toEqual(["b", "c", "d"]);
});

test("a group keeps its last payloads, also before its first member, until they are too old", async () => {
  const { channels, clock, join } = open({ channels: { group: (name) => (name === "kept" ? { keep: 2, keepMs: 10_000 } : undefined) } });
  // The clock's ticks begin with the app, and the app with its first connection.
  await join([]);

  for (const payload of [{ n: 1 }, "two", Uint8Array.of(3)]) channels.groupSend("kept", payload);
  channels.groupSend("other", 1);
  const history = channels.history("kept");
  const ann = await join(["kept"]);
  ann.peer.close();
  await ann.peer.closed;
  await clock.advance(9_000);
  const later = channels.history("kept");
  channels.groupSend("kept", 4);
  await clock.advance(1_000);
  const oneLeft = channels.history("kept");
  await clock.advance(11_000);

  expect(history).toEqual(["two", Uint8Array.of(3)]);
  expect(later).toEqual(history);
  expect(oneLeft).toEqual([4]);
  expect(channels.history("other")).toEqual([]);
  expect(channels.groupNames).toEqual([]);
});

test("a channel that nothing is sent to expires with 4504, one of a busy group lives", async () => {
  const { channels, clock, join } = open();
  const idle = await join(["idle"], { payloadType: "json", expiresInMs: 5_000 });
  const busy = await join(["busy"], { payloadType: "json", expiresInMs: 5_000 });
  const direct = await join(["direct"], { payloadType: "json", expiresInMs: 5_000 });

  for (let second = 0; second < 8; second++) {
    await clock.advance(1_000);
    channels.groupSend("busy", second);
    channels.sendTo(direct.channel.id, second);
  }

  expect(await idle.peer.closed).toEqual({ code: 4504, reason: "the channel has expired" });
  expect([busy.channel.closed, direct.channel.closed]).toEqual([false, false]);
});

test("closeAll closes every channel with the given code", async () => {
  const { channels, join } = open();
  const [ann, ben] = [await join(["a"]), await join(["b"])];

  channels.groupSend("a", "bye");
  channels.closeAll(4000, "over");

  expect(await ann.peer.nextJson()).toBe("bye");
  expect(await ann.peer.closed).toEqual({ code: 4000, reason: "over" });
  expect(await ben.peer.closed).toEqual({ code: 4000, reason: "over" });
});

test("a send reaches the members on other processes once, and its report is of this one", async () => {
  const network = new MemoryNetwork();
  const [here, there] = [open({ broker: network.join() }), open({ broker: network.join() })];
  const [ann, ben, eve] = [await here.join(["a"]), await there.join(["a"]), await there.join(["b"])];

  const report = here.channels.groupSend("a", { n: 1 }, { exclude: ann.channel });

  expect(report.handed).toBe(0);
  expect(await ben.peer.nextJson()).toEqual({ n: 1 });
  expect([await ann.settle(), await ben.settle(), await eve.settle()]).toEqual([settled, settled, settled]);
});

test("a broker that can't subscribe is told to who joins; members of this process hear each other all the same", async () => {
  const broken: Broker = { ...bound(createMemoryBroker()), subscribe: () => Promise.reject(new Error("broker is away")) };
  const { channels, join } = open({ broker: broken });
  const ann = await join([]);

  await expect(channels.addChannelToGroup(ann.channel, "a")).rejects.toThrow("broker is away");
  channels.groupSend("a", 1);

  expect(await ann.peer.nextJson()).toBe(1);
});

test("a group asks the broker for its messages while it has members here, and once", async () => {
  const asked: string[] = [];
  const broker = bound(createMemoryBroker());
  const { channels, join } = open({
    broker: {
      ...broker,
      subscribe: (topic, deliver) => {
        asked.push(`+${topic}`);
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
