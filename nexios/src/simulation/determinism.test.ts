import { expect, test } from "vitest";
import { Disk, type DiskHandle } from "./disk.ts";
import type { Link } from "./link.ts";
import { BrokerNetwork } from "./lossy-broker.ts";
import { Network } from "./network.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

const room = "counter/1";

/** Two processes that append what they hear from four clients and tell each other, through every kind of fault; all that happens, and when. */
async function run(seed: number): Promise<readonly string[]> {
  const [scheduler, random, trace] = [new Scheduler(), createRandom(seed), [] as string[]];
  const note = (event: string): void => void trace.push(`${scheduler.now} ${event}`);
  const disk = new Disk({ scheduler, random: random.fork("disk"), durable: true, now: () => Math.floor(scheduler.now) });
  const broker = new BrokerNetwork(scheduler, random.fork("broker"));
  const network = new Network(scheduler, random.fork("network"));
  const links: Link[] = [];
  const processes = [0, 1].map((number) => {
    const clock = new VirtualClock(scheduler, { startAt: 1_000_000, skewMs: random.between(-50, 50) });
    const log = disk.open(clock);
    const member = broker.join({ gate: clock, onReconnect: () => note(`process ${number} can hear`) });
    const accept = (link: Link): void => {
      links.push(link);
      link.server.onMessage = (message) =>
        void append(log, message).then(
          (offset) => tell(message, offset),
          (error: unknown) => note(`process ${number} ${String(error)}`),
        );
      link.server.onClose = (why) => note(`process ${number} lost a client ${why}`);
      link.server.onDrain = () => note(`process ${number} drained`);
      const tell = (message: Uint8Array, offset: number): void => {
        note(`process ${number} appended ${offset} at ${clock.now()}`);
        member.publish("t", message);
        link.server.send(new Uint8Array(40_000).fill(offset));
      };
    };
    void member.subscribe("t", (message) => clock.afterTurn(() => note(`process ${number} heard ${message.join()}`)));
    return { clock, log, member, accept, gate: clock, isUp: true };
  });
  for (let number = 0; number < 4; number++) {
    const connect = async (): Promise<void> => {
      const link = await network.connect(random.pick(processes));
      link.client.onMessage = ([first]) => note(`client ${number} got ${first}`);
      link.client.onClose = () => void connect().catch(() => note(`client ${number} gave up`));
      for (let count = 0; count < 100; count++) scheduler.after(random.next() * 20_000, () => link.client.send(Uint8Array.of(number, count)));
    };
    void connect();
  }

  const faults = [
    () => random.pick(links).cut(),
    () => random.pick(links).halfOpen(),
    () => random.pick(links).slow(random.pick([0, 20_000])),
    () => random.pick(links).fast(),
    () => random.pick(processes).clock.stall(random.between(1, 2_000)),
    () => random.pick(processes).clock.step(random.between(-5_000, 5_000)),
    () => disk.failing(random.between(1, 500)),
    () => disk.away(random.between(1, 500)),
    () => disk.slow(random.between(1, 500), 20),
    () => disk.loseTail(random.between(1, 5)),
    () => broker.away(random.between(1, 500)),
    () => broker.lossy({ ms: random.between(1, 2_000), lose: 0.2, double: 0.2, reorder: 0.2, delayMs: 100 }),
  ];
  for (let count = 0; count < 60; count++) {
    const index = random.integer(faults.length);
    scheduler.after(1_000 + random.next() * 19_000, () => note(`fault ${index} ${faults[index]?.()}`));
  }
  scheduler.after(19_000, () => {
    const [dead] = processes;
    if (dead === undefined) return;
    dead.isUp = false;
    for (const part of [dead.log, dead.member]) part.kill();
    dead.clock.stop();
    for (const link of links) note(`killed ${link.kill(link.server)}`);
  });
  await scheduler.run(60_000);
  for (const { epoch, entry } of disk.everCommitted(room)) note(`${epoch} ${entry.offset} ${entry.bytes.join()}`);
  note(`${scheduler.steps} steps, ${disk.appends} appends, ${disk.lostTails} tails lost`);
  return trace;
}

async function append(log: DiskHandle, bytes: Uint8Array): Promise<number> {
  const entry = { at: log.now(), author: undefined, callId: undefined, version: 1, bytes, publicBytes: bytes };
  const result = await log.append({ room, from: undefined, keys: [] }, ({ head: { version, callsSince } }) => ({
    entries: [entry],
    outcomes: [],
    erase: [],
    version,
    wakeAt: undefined,
    callsSince,
  }));
  return result.head.offset;
}

test("two runs of one seed are the same, event for event and to the last digit of the time", async () => {
  const [first, second] = [await run(1), await run(1)];

  expect(first.length).toBeGreaterThan(1_000);
  expect(second).toEqual(first);
});

test("two runs at the same time do not disturb each other", async () => {
  const alone = await run(2);

  const [first, second] = await Promise.all([run(2), run(2)]);

  expect([first, second]).toEqual([alone, alone]);
});

test("another seed is another run", async () => {
  expect(await run(4)).not.toEqual(await run(3));
});

test("a scripted run meets every kind of fault, and they do something", async () => {
  const traces = [await run(1), await run(2), await run(3), await run(4)].flat();

  const done = new Set(traces.map((line) => / fault (\d+) true$/.exec(line)?.[1]).filter((index) => index !== undefined));

  expect(done.size).toBe(12);
  for (const event of ["drained", "can hear", "lost a client undefined", "NexiosError"]) expect(traces.some((line) => line.includes(event))).toBe(true);
});
