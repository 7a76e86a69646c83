import fc from "fast-check";
import { expect, test } from "vitest";
import { Pipe } from "./pipe.ts";
import { createRandom } from "./random.ts";
import { Scheduler } from "./scheduler.ts";

interface Bench {
  readonly scheduler: Scheduler;
  readonly pipe: Pipe;
  /** What has come out, and when. */
  readonly arrived: { readonly name: number; readonly at: number }[];
  readonly drains: number[];
  send(name: number, bytes: number): void;
}

function open(opensAt = 0): Bench {
  const scheduler = new Scheduler();
  const arrived: Bench["arrived"] = [];
  const drains: number[] = [];
  const pipe = new Pipe({ scheduler, random: createRandom(1), opensAt, onDrain: () => drains.push(scheduler.now) });
  return { scheduler, pipe, arrived, drains, send: (name, bytes) => pipe.push(bytes, () => arrived.push({ name, at: scheduler.now })) };
}

test("a peer that reads gets everything in order, each after 1 to 40 ms, and nothing is unsent", async () => {
  const { scheduler, pipe, arrived, send } = open();

  for (let name = 0; name < 100; name++) {
    send(name, 100_000);
    await scheduler.run(100);
  }

  expect(arrived.map(({ name }) => name)).toEqual(Array.from({ length: 100 }, (_, name) => name));
  const delays = arrived.map(({ name, at }) => at - name * 100);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...delays)).toBeLessThan(40);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(30);
  expect([pipe.unsentBytes, pipe.peakUnsentBytes]).toEqual([0, 0]);
});

test("nothing arrives before it opens", async () => {
  const { scheduler, arrived, send } = open(500);

  send(1, 10);
  await scheduler.run(1_000);

  expect(arrived).toEqual([{ name: 1, at: 500 }]);
});

test("of a peer that reads nothing the kernels' buffers take 16 KiB, the rest is unsent, and nothing arrives", async () => {
  const { scheduler, pipe, arrived, send } = open();
  pipe.setRate(0);

  send(1, 16_384);
  const within = pipe.unsentBytes;
  send(2, 1_000);
  await scheduler.run(60_000);

  expect([within, pipe.unsentBytes, pipe.peakUnsentBytes]).toEqual([0, 1_000, 1_000]);
  expect(arrived).toEqual([]);
});

test("a slow peer takes bytes at its rate, and a message arrives when its last byte has been taken", async () => {
  const { scheduler, pipe, arrived, send } = open();
  pipe.setRate(10);

  send(1, 10_000);
  send(2, 10_000);
  const before = pipe.unsentBytes;
  await scheduler.run(100);
  const after = pipe.unsentBytes;
  await scheduler.run(3_000);

  expect([before, after, pipe.unsentBytes]).toEqual([20_000 - 16_384, 20_000 - 16_384 - 1_000, 0]);
  expect(arrived.map(({ name }) => name)).toEqual([1, 2]);
  const [first = 0, second = 0] = arrived.map(({ at }) => at);
  expect([first > 1_000 && first < 1_040, second > 2_000 && second < 2_040]).toEqual([true, true]);
});

test("what is sent meanwhile delays nothing that was sent before", async () => {
  const { scheduler, pipe, arrived, send } = open();
  pipe.setRate(10);

  send(1, 10_000);
  for (let name = 2; name < 12; name++) {
    await scheduler.run(90);
    send(name, 10);
  }
  await scheduler.run(140);

  expect(arrived[0]?.name).toBe(1);
  expect(arrived[0]?.at).toBeLessThan(1_040);
});

test("a drain is told when nothing is unsent any more, after it was more than 1,000 bytes, and only then", async () => {
  const { scheduler, pipe, drains, send } = open();
  pipe.setRate(100);

  send(1, 16_384 + 1_000);
  await scheduler.run(10_000);
  const little = [...drains];
  send(2, 16_384 + 1_001);
  await scheduler.run(10_000);

  expect(little).toEqual([]);
  expect(drains).toEqual([expect.closeTo(10_000 + 10.01, 3)]);
});

test("a peer that becomes fast again takes all at once, and a drain is told after that", async () => {
  const { scheduler, pipe, drains, arrived, send } = open();
  pipe.setRate(0);
  for (let name = 0; name < 100; name++) send(name, 1_000);
  await scheduler.run(1_000);

  pipe.setRate(Infinity);
  const atOnce = [pipe.unsentBytes, drains.length];
  await scheduler.run(100);

  expect(atOnce).toEqual([0, 0]);
  expect(drains).toEqual([1_000]);
  expect(arrived.map(({ name }) => name)).toEqual(Array.from({ length: 100 }, (_, name) => name));
});

test("after a break nothing arrives, not even what was under way, and what is sent stays unsent", async () => {
  const { scheduler, pipe, arrived, drains, send } = open();
  send(1, 100);

  pipe.break();
  send(2, 100_000);
  pipe.setRate(Infinity);
  await scheduler.run(60_000);

  expect(pipe.unsentBytes).toBe(100_000 - 16_384);
  expect([arrived, drains]).toEqual([[], []]);
});

test("after a stop what was under way arrives, what was queued does not", async () => {
  const { scheduler, pipe, arrived, send } = open();
  send(1, 100);
  pipe.setRate(0);
  send(2, 100);

  pipe.stop();
  await scheduler.run(60_000);

  expect(arrived.map(({ name }) => name)).toEqual([1]);
});

test("whatever the peer's speed does, everything arrives once and in order, and what is unsent adds up", async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("send" as const), bytes: fc.integer({ min: 0, max: 40_000 }) }) },
    fc.record({ kind: fc.constant("rate" as const), rate: fc.constantFrom(0, 0.001, 3, 77.7, 1_000, Infinity) }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.double({ min: 0, max: 300, noNaN: true }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { scheduler, pipe, arrived, send } = open();
      let sent = 0;
      let bytes = 0;

      for (const each of steps) {
        if (each.kind === "rate") pipe.setRate(each.rate);
        else if (each.kind === "wait") await scheduler.run(each.ms);
        else {
          bytes += each.bytes;
          send(sent++, each.bytes);
        }
        expect(pipe.unsentBytes).toBeGreaterThanOrEqual(0);
        expect(pipe.unsentBytes).toBeLessThanOrEqual(Math.max(0, bytes - 16_384));
      }
      pipe.setRate(Infinity);
      await scheduler.run(40);

      expect(arrived.map(({ name }) => name)).toEqual(Array.from({ length: sent }, (_, name) => name));
      expect([pipe.unsentBytes, scheduler.pending]).toEqual([0, 0]);
    }),
    { numRuns: 200 },
  );
});
