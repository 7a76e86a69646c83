import { expect, test } from "vitest";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import { open, settled } from "./box.fixture.ts";

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

test("a send to a channel that is gone says so, and so does an app that is alone of channels elsewhere", async () => {
  const [{ channels, join }, other] = [open(), open()];
  const [ann, eve] = [await join(["a"]), await other.join(["a"])];
  ann.peer.close();
  await ann.peer.closed;

  expect([channels.sendTo(ann.channel.id, 1), channels.sendTo(eve.channel.id, 1)]).toEqual([false, false]);
});

test("a send to a channel on another process reaches it alone, and does not arrive if it does not fit", async () => {
  const network = new MemoryNetwork();
  const [here, there] = [open({ broker: network.join() }), open({ broker: network.join() })];
  const [ann, ben] = [await here.join(["a"]), await there.join(["a"])];
  const eve = await there.join(["a"]);

  const outcomes = [{ n: 1 }, Uint8Array.of(1), "last"].map((payload) => here.channels.sendTo(ben.channel.id, payload));

  expect(outcomes).toEqual([true, true, true]);
  expect([await ben.peer.nextJson(), await ben.peer.nextJson()]).toEqual([{ n: 1 }, "last"]);
  expect([await ann.settle(), await ben.settle(), await eve.settle()]).toEqual([settled, settled, settled]);
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
  const history = await channels.history("kept");
  const ann = await join(["kept"]);
  ann.peer.close();
  await ann.peer.closed;
  await clock.advance(9_000);
  const later = await channels.history("kept");
  channels.groupSend("kept", 4);
  await clock.advance(1_000);
  const oneLeft = await channels.history("kept");
  await clock.advance(11_000);

  expect(history).toEqual(["two", Uint8Array.of(3)]);
  expect(later).toEqual(history);
  expect(oneLeft).toEqual([4]);
  expect(await channels.history("kept")).toEqual([]);
  expect(await channels.history("other")).toEqual([]);
  expect(channels.groupNames).toEqual([]);
});

test.each([{ keep: 1.5 }, { keep: -1 }, { keep: 1, keepBytes: 0 }, { keep: 1, keepMs: Infinity }])(
  "a number of a group that is none is refused: %j",
  (options) => {
    const { channels } = open({ channels: { group: () => options } });

    expect(() => channels.groupSend("a", 1)).toThrow(/is a whole number from/);
  },
);

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
