import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { createServerClock } from "./server-clock.ts";

/** A client whose wall clock is right, and a server `ahead` of it, whose clock gains `skew`. An exchange takes 20 ms each way unless told. */
function house(ahead: number, skew = 0) {
  const clock = new ManualClock();
  const start = clock.now();
  const jumps: number[] = [];
  const serverClock = createServerClock(clock);
  const made = {
    clock,
    jumps,
    serverClock,
    ahead,
    serverNow: () => start + clock.monotonic() * (1 + skew) + made.ahead,
    async exchange(up = 20, down = 20): Promise<void> {
      const sentAt = clock.monotonic();
      await clock.advance(up);
      const now = Math.floor(made.serverNow());
      await clock.advance(down);
      const [isFirst, before] = [serverClock.bound() === Infinity, serverClock.now()];
      serverClock.take(sentAt, clock.monotonic(), now);
      const byMs = serverClock.now() - before;
      if (!isFirst && byMs !== 0) jumps.push(byMs);
    },
    error: () => serverClock.now() - made.serverNow(),
  };
  return made;
}

test("before the first exchange it shows the wall clock, and promises nothing", () => {
  const { serverClock, clock } = house(5_000);

  expect(serverClock.now()).toBe(clock.now());
  expect(serverClock.bound()).toBe(Infinity);
  expect(serverClock.isSynced).toBe(false);
});

test("the first exchange sets it at once", async () => {
  const first = house(400);

  await first.exchange();

  expect(Math.abs(first.error())).toBeLessThan(1);
  expect(first.serverClock.bound()).toBeCloseTo(21.5, 2);
  expect(first.serverClock.isSynced).toBe(true);
});

test("a first exchange that moves it by more than a second is no jump: nothing of the server's was shown before", async () => {
  const first = house(90_000);

  await first.exchange();

  expect(Math.abs(first.error())).toBeLessThan(1);
  expect(first.jumps).toEqual([]);
});

test("a better estimate is slewed to, by at most 5 % of the time that passes, and never back", async () => {
  const slow = house(0);
  // The middle is 140 ms behind the truth.
  await slow.exchange(300, 20);
  const shown: number[] = [slow.serverClock.now()];

  await slow.exchange(10, 10);
  for (let reading = 0; reading < 60; reading++) {
    shown.push(slow.serverClock.now());
    await slow.clock.advance(100);
  }

  const steps = shown.slice(2).map((now, index) => now - (shown[index + 1] ?? 0));
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(95 - 1e-3);
  expect(Math.max(...steps)).toBeLessThanOrEqual(105 + 1e-3);
  expect(Math.abs(slow.error())).toBeLessThan(1);
});

test("the bound holds the truth while the shown clock is still on its way", async () => {
  const slow = house(0);
  await slow.exchange(300, 20);
  await slow.exchange(10, 10);

  for (let reading = 0; reading < 40; reading++) {
    expect(Math.abs(slow.error())).toBeLessThanOrEqual(slow.serverClock.bound());
    await slow.clock.advance(100);
  }

  expect(slow.serverClock.bound()).toBeLessThan(13);
});

test("when it is off by more than a second it jumps, back too", async () => {
  const moved = house(0);
  await moved.exchange();

  moved.ahead = -2_500;
  await moved.exchange();

  expect(moved.jumps).toHaveLength(1);
  expect(moved.jumps[0]).toBeCloseTo(-2_500, 0);
  expect(Math.abs(moved.error())).toBeLessThan(1);
});

test("when it is off by no more than a second it is slewed, however its bounds were contradicted", async () => {
  const moved = house(0);
  await moved.exchange();
  const before = moved.serverClock.now();

  moved.ahead = -900;
  await moved.exchange();

  expect(moved.jumps).toEqual([]);
  expect(moved.serverClock.now()).toBeGreaterThan(before);
  expect(moved.serverClock.bound()).toBeGreaterThan(900);
  await moved.clock.advance(20_000);
  expect(Math.abs(moved.error())).toBeLessThan(1);
});

test("a step of the wall clock does not move it", async () => {
  const stepped = house(0);
  await stepped.exchange();
  const before = stepped.error();

  stepped.clock.setTime(stepped.clock.now() + 37_000);

  expect(stepped.error()).toBe(before);
});

test("after it forgot it runs on without a promise, until the next exchange", async () => {
  const slept = house(0);
  await slept.exchange();

  slept.serverClock.forget();
  await slept.clock.advance(500);

  expect(Math.abs(slept.error())).toBeLessThan(1);
  expect(slept.serverClock.bound()).toBe(Infinity);
  expect(slept.serverClock.isSynced).toBe(false);
  await slept.exchange(200, 200);
  expect(slept.serverClock.isSynced).toBe(true);
  expect(slept.serverClock.bound()).toBeGreaterThan(200);
});

test("the answer to a ping from before it forgot is not taken", async () => {
  const slept = house(0);
  const sentAt = slept.clock.monotonic();
  const now = Math.floor(slept.serverNow());
  await slept.clock.advance(10);

  slept.serverClock.forget();
  slept.serverClock.take(sentAt, slept.clock.monotonic(), now);

  expect(slept.serverClock.isSynced).toBe(false);
});

test("without exchanges the bound widens by as much as the clocks may drift apart", async () => {
  const silent = house(0);
  await silent.exchange();
  const before = silent.serverClock.bound();

  await silent.clock.advance(100_000);

  expect(silent.serverClock.bound() - before).toBeCloseTo(20, 2);
});

test("a learnt skew goes on while there are no exchanges", async () => {
  const drifting = house(0, 60e-6);
  for (let minute = 0; minute < 10; minute++) {
    await drifting.exchange();
    await drifting.clock.advance(60_000);
  }

  await drifting.clock.advance(600_000);

  // The clocks have drifted by 36 ms since.
  expect(Math.abs(drifting.error())).toBeLessThan(13);
  expect(drifting.serverClock.bound()).toBeLessThan(40);
});
