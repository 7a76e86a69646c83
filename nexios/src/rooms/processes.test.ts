import { expect, test } from "vitest";
import type { Broker } from "../broker/broker.ts";
import { MemoryNetwork } from "../broker/memory-broker.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Cancel, Clock } from "../world/clock.ts";
import { Processes } from "./processes.ts";

/** The part of the world of a process that can stand still: time goes on, and nothing runs until it wakes; then timers come first, and messages after them. */
class Loop implements Clock {
  readonly #clock: ManualClock;
  #timers: (() => void)[] = [];
  #messages: (() => void)[] = [];
  #isStill = false;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, fire: () => void): Cancel {
    return this.#clock.after(delayMs, () => (this.#isStill ? void this.#timers.push(fire) : fire()));
  }

  afterTurn(fire: () => void): void {
    this.#clock.afterTurn(fire);
  }

  around(broker: Broker): Broker {
    return {
      publish: (topic, message) => broker.publish(topic, message),
      subscribe: (topic, deliver) =>
        broker.subscribe(topic, (message) => (this.#isStill ? void this.#messages.push(() => deliver(message)) : deliver(message))),
      unsubscribe: (topic) => broker.unsubscribe(topic),
      close: () => broker.close(),
    };
  }

  pause(): void {
    this.#isStill = true;
  }

  wake(): void {
    this.#isStill = false;
    const due = [...this.#timers, ...this.#messages];
    this.#timers = [];
    this.#messages = [];
    for (const run of due) run();
  }

  async stall(ms: number): Promise<void> {
    this.pause();
    await this.#clock.advance(ms);
    this.wake();
  }
}

class World {
  readonly clock = new ManualClock();
  readonly network = new MemoryNetwork();

  async start(processId: string) {
    const broker = this.network.join();
    const loop = new Loop(this.clock);
    const told: string[] = [];
    const processes = new Processes({
      processId,
      broker: loop.around(broker),
      clock: loop,
      onNew: (id) => told.push(`new ${id}`),
      onGone: (id) => told.push(`gone ${id} at ${this.clock.monotonic()}`),
    });
    await processes.start();
    return { processes, broker, loop, told };
  }
}

test("a process that starts is heard at once, and hears the others at once, by one beat of each", async () => {
  const world = new World();
  const others = await Promise.all(["a", "b", "c"].map((id) => world.start(id)));
  await world.clock.advance(1_500);
  const beats: unknown[] = [];
  const ear = world.network.join();
  await ear.subscribe("nexios/processes", (message) => beats.push(message));

  const late = await world.start("d");
  await world.clock.advance(30);
  await world.clock.advance(30);

  expect([...late.processes.alive].toSorted()).toEqual(["a", "b", "c"]);
  for (const { processes } of others) expect(processes.alive.has("d")).toBe(true);
  // Its own at the start, one of each, and one more of its own.
  expect(beats).toHaveLength(5);
});

test("processes hear of each other within a second", async () => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];

  await world.clock.advance(1_000);

  expect([a.told, b.told]).toEqual([["new b"], ["new a"]]);
  expect([...a.processes.alive, ...b.processes.alive]).toEqual(["b", "a"]);
});

test("each beats once a second", async () => {
  const world = new World();
  await world.start("a");
  let beats = 0;
  await world.network.join().subscribe("nexios/processes", () => beats++);

  await world.clock.advance(10_000);

  expect(beats).toBe(10);
});

test.each([0, 1, 250, 499, 500, 750, 999])("a process that is killed %i ms after a beat is gone for the others within 6 s, and nobody else is", async (ms) => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  // Between the ticks of the others.
  await world.clock.advance(1);
  const c = await world.start("c");
  await world.clock.advance(3_000 + ms);

  await c.broker.close();
  const before = [a.processes.alive, b.processes.alive];
  await world.clock.advance(6_000);

  expect(before).toEqual([new Set(["b", "c"]), new Set(["a", "c"])]);
  expect([a.processes.alive, b.processes.alive]).toEqual([new Set(["b"]), new Set(["a"])]);
  // 5 s after its last beat, at their next tick.
  expect([a.told.at(-1), b.told.at(-1)]).toEqual(["gone c at 8500", "gone c at 8500"]);
});

test("a process that stops says so, and is gone at once", async () => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  await world.clock.advance(1_000);

  await b.processes.stop();
  await b.processes.stop();
  await world.clock.advance(0);

  expect(a.told).toEqual(["new b", "gone b at 1000"]);
});

test.each([2_000, 3_000, 60_000])("nobody vanishes because this process stood still for %i ms", async (ms) => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  await world.clock.advance(1_900);

  await a.loop.stall(ms);
  await world.clock.advance(10_000);

  expect([a.told, a.processes.alive, b.processes.alive]).toEqual([["new b"], new Set(["b"]), new Set(["a"])]);
});

test("nobody vanishes when the whole machine slept", async () => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  await world.clock.advance(1_900);

  b.loop.pause();
  await a.loop.stall(3_600_000);
  b.loop.wake();
  await world.clock.advance(10_000);

  expect([a.told, b.told]).toEqual([["new b"], ["new a"]]);
});

test("one that dies while this process stands still is found out after it", async () => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  await world.clock.advance(1_900);

  await b.broker.close();
  await a.loop.stall(3_000);
  await world.clock.advance(5_000);

  expect(a.processes.alive).toEqual(new Set());
});

test("a process that was taken for gone and beats again is new", async () => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  await world.clock.advance(1_000);

  await b.loop.stall(7_000);
  await world.clock.advance(1_000);

  expect(a.told).toEqual(["new b", "gone b at 6000", "new b"]);
});

test("a sign of life by another way counts as a beat", async () => {
  const world = new World();
  const a = await world.start("a");

  a.processes.hear("x");
  await world.clock.advance(4_000);
  a.processes.hear("x");
  a.processes.hear("a");
  await world.clock.advance(4_999);
  const before = [...a.told];
  await world.clock.advance(1);

  expect([before, a.told]).toEqual([["new x"], ["new x", "gone x at 9000"]]);
});

test("foreign bytes are ignored, and no more than ten thousand processes are kept", async () => {
  const world = new World();
  const a = await world.start("a");
  const foreign = world.network.join();

  foreign.publish("nexios/processes", Uint8Array.of(1, 2, 3));
  foreign.publish("nexios/processes", new TextEncoder().encode('["wave","x"]'));
  await world.clock.advance(0);
  for (let index = 0; index < 10_001; index++) a.processes.hear(`p${index}`);

  expect(a.processes.alive.size).toBe(10_000);
});

test("after the stop nothing is told or heard, even if it comes before the start is done", async () => {
  const world = new World();
  const b = await world.start("b");
  const broker = world.network.join();
  const told: string[] = [];
  const processes = new Processes({ processId: "a", broker, clock: world.clock, onNew: (id) => told.push(id), onGone: (id) => told.push(id) });

  const starting = processes.start();
  await processes.stop();
  await starting;
  processes.hear("x");
  await world.clock.advance(10_000);

  expect([told, b.told, processes.alive]).toEqual([[], [], new Set()]);
});

test("while the broker is away nobody is taken for gone, and afterwards each has its whole time again", async () => {
  const world = new World();
  const [a, b] = [await world.start("a"), await world.start("b")];
  await world.clock.advance(1_000);

  a.processes.setDeaf(true);
  await b.processes.stop();
  a.processes.hear("c");
  await world.clock.advance(60_000);
  const deaf = [...a.processes.alive];
  a.processes.setDeaf(false);
  await world.clock.advance(4_000);
  const waiting = [...a.processes.alive];
  await world.clock.advance(2_000);

  expect([deaf, waiting, [...a.processes.alive]]).toEqual([["c"], ["c"], []]);
});
