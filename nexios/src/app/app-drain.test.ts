import { expect, test } from "vitest";
import { createDoorman, openApp, visitRoom } from "../../../test/wire/realtime-house.ts";
import { turn } from "../../../test/wire/raw-socket.ts";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { NexiosApp } from "./app.ts";
import { toDrainTimes } from "./stop-times.ts";

const secret = "a secret of thirty-two bytes at least";

async function turns(): Promise<void> {
  for (let index = 0; index < 20; index++) await turn();
}

test("a stop that drains tells clients of rooms a window, decides their calls meanwhile, and closes at its end who has not gone", async () => {
  const app = openApp(createDoorman(), { random: () => 0.5 });
  const [{ visitor: ann, room }, { visitor: bob }] = [await visitRoom(app, "ann"), await visitRoom(app, "bob")];

  const stopping = app.stop({ drainMs: 1_000, deadlineMs: 5_000 });
  const told = [await ann.next("drain"), await bob.next("drain")];
  bob.peer.close();
  const call = ann.call(room, "say", "in time");
  ann.send(call);
  const reply = await ann.reply(call.id);
  const closed = await ann.peer.closed;
  await stopping;

  const window = { room: undefined, afterMs: 0, windowMs: 900 };
  expect(told).toMatchObject([window, window]);
  expect([reply.kind, closed, await bob.peer.closed]).toMatchObject(["accepted", { code: 4503, reason: "1000" }, { code: 1000 }]);
});

test("connections of no room are closed at moments of their own while others have the broker too, and the stop ends with the last", async () => {
  const clock = new ManualClock();
  const moments = [0, 0.5, 0.25];
  const network = new MemoryNetwork();
  const app = new NexiosApp({ auth: { jwt: { secret } }, clock, broker: network.join(), random: () => moments.shift() ?? 0 });
  app.wsRoute("/echo", async (ws) => {
    await ws.accept();
    for await (const text of ws.messages()) await ws.sendText(String(text));
  });
  const peers = [await app.connect("/echo"), await app.connect("/echo"), await app.connect("/echo")];
  const closedAt: number[] = [];
  for (const peer of peers) void peer.closed.then(() => closedAt.push(clock.monotonic()));

  const startedAt = clock.monotonic();
  const stopping = app.stop();
  for (let passed = 0; passed < 5_000; passed += 100) {
    await turns();
    await clock.advance(100);
  }
  await stopping;

  expect(closedAt.map((at) => Math.round((at - startedAt) / 100) * 100)).toEqual([0, 1_800, 3_600]);
  expect(await peers[1]?.closed).toEqual({ code: 4503, reason: "0" });
});

test("an app that is alone does not drain unless it is told to; others take most of the deadline for it", () => {
  expect(toDrainTimes({}, true)).toEqual({ deadlineMs: 5_000, drainMs: 0 });
  expect(toDrainTimes({}, false)).toEqual({ deadlineMs: 10_000, drainMs: 8_000 });
  expect(toDrainTimes({ deadlineMs: 1_000 }, false)).toEqual({ deadlineMs: 1_000, drainMs: 800 });
  expect(toDrainTimes({ drainMs: 20_000 }, true)).toEqual({ deadlineMs: 22_000, drainMs: 20_000 });
});

test.each([{ drainMs: -1 }, { drainMs: Infinity }, { drainMs: 200, deadlineMs: 100 }])("a stop refuses times that are none: %o", (times) => {
  expect(() => new NexiosApp({ auth: { jwt: { secret } } }).stop(times)).toThrow(TypeError);
});
