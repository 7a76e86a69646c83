import fc from "fast-check";
import { expect, test } from "vitest";
import { toBounds, withExchange, type ClockSample } from "./clock-bounds.ts";

const serverAhead = 1_900_000_000_000;

/** Samples of a server whose clock gains `skew` on the client's, which starts at 0. */
function exchange(exchanges: readonly { at: number; up: number; down: number }[], skew = 0): readonly ClockSample[] {
  let samples: readonly ClockSample[] = [];
  for (const { at, up, down } of exchanges) {
    const now = Math.floor(serverAhead + (at + up) * (1 + skew));
    samples = withExchange(samples, at, at + up + down, now);
  }
  return samples;
}

test("one exchange bounds the server's clock by its round trip, and by what the timestamps were rounded by", () => {
  const samples = withExchange([], 100, 140, serverAhead + 120);

  const [middle, half] = toBounds(samples, 140);

  expect([middle, half]).toEqual([serverAhead + 0.5, 21.5]);
});

test("an exchange without delay leaves what the timestamps were rounded by", () => {
  const samples = withExchange([], 100, 100, serverAhead + 100);

  const [, half] = toBounds(samples, 100);

  expect(half).toBe(1.5);
});

test("the lower bound of one exchange and the upper bound of another make the narrowest", () => {
  const samples = exchange([
    { at: 0, up: 5, down: 200 },
    { at: 250, up: 200, down: 5 },
  ]);

  const [middle, half] = toBounds(samples, 455);

  expect(half).toBeLessThan(7);
  expect(Math.abs(middle - serverAhead)).toBeLessThan(1);
});

test("bounds widen by two ten-thousandths of the time that passes while the skew is not learnt", () => {
  const samples = exchange([{ at: 0, up: 20, down: 20 }]);

  const [, halfBefore, , doubt] = toBounds(samples, 40);
  const [, halfAfter] = toBounds(samples, 60_040);

  expect(doubt).toBe(200e-6);
  expect(halfAfter - halfBefore).toBeCloseTo(12, 2);
});

test("a burst teaches no skew, however its delays differ", () => {
  const burst = [40, 31, 52, 30, 75, 44, 90, 33].map((delay, index) => ({ at: index * 250, up: delay, down: 125 - delay }));

  const [, , , doubt] = toBounds(exchange(burst), 2_000);

  expect(doubt).toBe(200e-6);
});

test("after ten minutes the skew is learnt", () => {
  const regular = Array.from({ length: 60 }, (_, index) => ({ at: index * 10_000, up: 15 + (index % 3), down: 15 + (index % 2) }));

  const [, , skew, doubt] = toBounds(exchange(regular, 60e-6), 600_000);

  expect(skew).toBeGreaterThan(50e-6);
  expect(skew).toBeLessThan(70e-6);
  expect(doubt).toBeLessThan(40e-6);
});

test("an exchange counts for ten minutes", () => {
  const samples = exchange([
    { at: 0, up: 1, down: 1 },
    { at: 600_002, up: 100, down: 100 },
  ]);

  expect(samples).toHaveLength(1);
});

test("at most 100 exchanges are kept", () => {
  const samples = exchange(Array.from({ length: 101 }, (_, index) => ({ at: index * 250, up: 10, down: 10 })));

  expect(samples).toHaveLength(100);
  expect(samples[0]?.at).toBe(270);
});

test("an exchange that contradicts the others replaces them: the server's clock was set", () => {
  const samples = exchange([
    { at: 0, up: 10, down: 10 },
    { at: 250, up: 10, down: 10 },
  ]);

  const after = withExchange(samples, 500, 520, serverAhead + 510 + 5_000);

  expect(after).toHaveLength(1);
  expect(toBounds(after, 520)[0]).toBe(serverAhead + 5_000.5);
});

test("a skew that turns round contradicts nothing: the bounds are wide again, and true", () => {
  const turn = 300_000;
  const gained = (at: number): number => 80e-6 * (at < turn ? at : 2 * turn - at);
  let samples: readonly ClockSample[] = [];
  for (let at = 0; at < 2 * turn; at += 20_000) samples = withExchange(samples, at, at + 0.2, Math.floor(serverAhead + at + 0.1 + gained(at)));

  const [middle, half, , doubt] = toBounds(samples, 580_000.2);

  expect(samples).toHaveLength(30);
  expect(doubt).toBe(200e-6);
  expect(Math.abs(serverAhead + gained(580_000.2) - middle)).toBeLessThanOrEqual(half);
});

test("while the clocks differ by less than 100 ppm, the truth is within the bounds of any few exchanges", () => {
  const delay = fc.double({ min: 0, max: 500, noNaN: true });
  const someExchanges = fc.array(fc.record({ gap: fc.double({ min: 1_000, max: 20_000, noNaN: true }), up: delay, down: delay }), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(someExchanges, fc.double({ min: -99e-6, max: 99e-6, noNaN: true }), (exchanges, skew) => {
      let at = 0;
      const timed = exchanges.map(({ gap, up, down }) => ({ at: (at += gap), up, down }));
      const end = at + 1_000;

      const [middle, half] = toBounds(exchange(timed, skew), end);

      // A time of our days is rounded by so much.
      expect(Math.abs(serverAhead + end * skew - middle)).toBeLessThanOrEqual(half + serverAhead * Number.EPSILON);
    }),
  );
});
