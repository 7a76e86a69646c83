import { expect, test } from "vitest";
import { openGate } from "./gate.ts";
import { type End, Link } from "./link.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

interface Bench {
  readonly scheduler: Scheduler;
  readonly link: Link;
  /** What both ends were told: "client 1", "server closed". */
  readonly events: string[];
  /** When each end was told of the close. */
  readonly closedAt: Map<string, number>;
}

function open({ seed = 1, gate = openGate, scheduler = new Scheduler(), opensAt = 0 } = {}): Bench {
  const link = new Link({ scheduler, random: createRandom(seed), gate, opensAt });
  const events: string[] = [];
  const closedAt = new Map<string, number>();
  const listen = (name: string, end: End): void => {
    end.onMessage = (message) => events.push(`${name} ${message.join()}`);
    end.onDrain = () => events.push(`${name} drained`);
    end.onClose = (why) => {
      events.push(`${name} closed ${why}`);
      closedAt.set(name, scheduler.now);
    };
  };
  listen("client", link.client);
  listen("server", link.server);
  return { scheduler, link, events, closedAt };
}

test("messages reach the other end in order, in both directions", async () => {
  const { scheduler, link, events } = open();

  for (let index = 0; index < 50; index++) {
    link.client.send(Uint8Array.of(index));
    link.server.send(Uint8Array.of(100 + index));
  }
  await scheduler.run(40);

  const at = (name: string): string[] => events.filter((event) => event.startsWith(name));
  expect(at("server")).toEqual(Array.from({ length: 50 }, (_, index) => `server ${index}`));
  expect(at("client")).toEqual(Array.from({ length: 50 }, (_, index) => `client ${100 + index}`));
});

test("a close in good order delivers what was sent before, tells the other end why, and then its own", async () => {
  const { scheduler, link, events } = open();
  link.server.send(Uint8Array.of(1));

  link.server.close("DRAIN");
  link.server.send(Uint8Array.of(2));
  link.client.send(Uint8Array.of(3));
  const wasOpen = link.isOpen;
  await scheduler.run(1_000);

  expect(wasOpen).toBe(false);
  expect(events).toEqual(["client 1", "client closed DRAIN", "server closed DRAIN"]);
});

test("each end is told of the close once, also when both close", async () => {
  const { scheduler, link, events } = open();

  link.server.close("NORMAL");
  link.client.close("GOING_AWAY");
  link.client.close("again");
  await scheduler.run(10_000);
  link.cut();
  await scheduler.run(10_000);

  expect(events.toSorted()).toEqual(["client closed NORMAL", "server closed GOING_AWAY"]);
});

test("a close that a reader of nothing never sees ends as a cut after 5 s", async () => {
  const { scheduler, link, events, closedAt } = open();
  link.slow(0);

  link.server.send(Uint8Array.of(1));
  link.server.close("TOO_SLOW");
  await scheduler.run(10_000);

  expect(events.toSorted()).toEqual(["client closed undefined", "server closed undefined"]);
  expect(closedAt.get("server")).toBeGreaterThan(5_000);
  expect(closedAt.get("server")).toBeLessThan(5_200);
});

test("a cut loses what is under way, and both ends learn of it within 200 ms", async () => {
  const { scheduler, link, events, closedAt } = open();
  link.client.send(Uint8Array.of(1));

  const cut = [link.cut(), link.cut()];
  link.server.send(Uint8Array.of(2));
  await scheduler.run(1_000);

  expect(cut).toEqual([true, false]);
  expect(events.toSorted()).toEqual(["client closed undefined", "server closed undefined"]);
  expect(Math.max(...closedAt.values())).toBeLessThan(200);
  expect([link.isOpen, link.cut(), link.halfOpen(), link.slow(1), link.fast()]).toEqual([false, false, false, false, false]);
});

test("on a half-open link nothing arrives, what is sent stays unsent, and both ends learn of it after 15 to 24 s", async () => {
  const { scheduler, link, events, closedAt } = open();

  const half = [link.halfOpen(), link.halfOpen(), link.slow(1), link.fast()];
  link.client.send(Uint8Array.of(1));
  link.server.send(new Uint8Array(100_000));
  await scheduler.run(14_999);
  const before = [...events];
  const unsent = link.server.unsentBytes;
  await scheduler.run(10_000);

  expect(half).toEqual([true, false, false, false]);
  expect([before, unsent, link.peakUnsentBytes]).toEqual([[], 100_000 - 16_384, 100_000 - 16_384]);
  expect(events.toSorted()).toEqual(["client closed undefined", "server closed undefined"]);
  expect(Math.max(...closedAt.values())).toBeLessThan(24_000);
  expect(link.server.unsentBytes).toBe(0);
});

test("a slow client holds back what is sent to it and nothing that it sends, until it is fast again", async () => {
  const { scheduler, link, events } = open();

  const slowed = [link.fast(), link.slow(0), link.fast(), link.slow(1_000)];
  link.client.send(Uint8Array.of(1));
  link.server.send(new Uint8Array(90_000));
  await scheduler.run(1_000);
  const unsent = link.server.unsentBytes;
  const sooner = [...events];
  link.fast();
  await scheduler.run(0);
  const told = events.slice(1);
  await scheduler.run(40);

  expect(slowed).toEqual([false, true, true, true]);
  expect(unsent).toBe(90_000 - 16_384 - 1_000);
  expect(sooner).toEqual(["server 1"]);
  expect(told).toEqual(["server drained"]);
  expect(events).toHaveLength(3);
});

test("an end whose process has died gets nothing more, and the other learns of it within 50 ms", async () => {
  const { scheduler, link, events, closedAt } = open();
  link.client.send(Uint8Array.of(1));

  const killed = [link.kill(link.server), link.kill(link.server), link.isOpen];
  link.server.send(Uint8Array.of(2));
  link.server.close();
  await scheduler.run(10_000);

  expect(killed).toEqual([true, false, false]);
  expect(events).toEqual(["client closed undefined"]);
  expect(closedAt.get("client")).toBeLessThan(50);
});

test("what a process had sent before it died arrives or not, but nothing after the close", async () => {
  const runs = await Promise.all(
    Array.from({ length: 50 }, async (_, seed) => {
      const { scheduler, link, events } = open({ seed });
      link.server.send(Uint8Array.of(1));
      link.kill(link.server);
      await scheduler.run(1_000);
      return events.join();
    }),
  );

  expect(new Set(runs)).toEqual(new Set(["client closed undefined", "client 1,client closed undefined"]));
});

test("what waits for a slow reader is lost with the process that has sent it", async () => {
  const runs = await Promise.all(
    Array.from({ length: 50 }, async (_, seed) => {
      const { scheduler, link, events } = open({ seed });
      link.slow(10_000_000);
      link.server.send(new Uint8Array(10_000));
      link.kill(link.server);
      await scheduler.run(1_000);
      return events.join();
    }),
  );

  expect(new Set(runs)).toEqual(new Set(["client closed undefined"]));
});

test("a link that is over leaves nothing to happen, and nothing unsent", async () => {
  const { scheduler, link } = open();
  link.slow(1);
  link.server.send(new Uint8Array(100_000));

  link.client.close();
  await scheduler.run(5_200);

  expect([scheduler.pending, link.server.unsentBytes, link.peakUnsentBytes]).toEqual([0, 0, 100_000 - 16_384]);
});

test("a client learns of nothing before it knows that it is connected", async () => {
  const { scheduler, link, events, closedAt } = open({ opensAt: 100 });

  link.server.send(Uint8Array.of(1));
  link.kill(link.server);
  await scheduler.run(99);
  const before = [...events];
  await scheduler.run(100);

  expect(before).toEqual([]);
  expect([events.at(-1), closedAt.get("client")]).toEqual(["client closed undefined", 100]);
});

test("a stalled server gets messages and the close when its loop is free, in order", async () => {
  const scheduler = new Scheduler();
  const clock = new VirtualClock(scheduler, { startAt: 0, skewMs: 0 });
  const { link, events, closedAt } = open({ scheduler, gate: clock });
  clock.stall(5_000);

  for (let index = 0; index < 3; index++) link.client.send(Uint8Array.of(index));
  link.client.close("NORMAL");
  await scheduler.run(4_999);
  const before = events.filter((event) => event.startsWith("server"));
  await scheduler.run(1_000);

  expect(before).toEqual([]);
  expect(events.filter((event) => event.startsWith("server"))).toEqual(["server 0", "server 1", "server 2", "server closed NORMAL"]);
  expect(closedAt.get("server")).toBe(5_000);
});
