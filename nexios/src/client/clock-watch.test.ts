import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import type { Clock } from "../world/clock.ts";
import { createPingPlan, type PingPlan, watchClocks } from "./clock-watch.ts";

function watch(clock: Clock) {
  let jumps = 0;
  const cancel = watchClocks(clock, () => jumps++);
  return { cancel, jumps: () => jumps };
}

/** A clock whose timers come `lateMs` too late. */
function lateClock(clock: ManualClock, late: { ms: number }): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    after: (delayMs, fire) => clock.after(delayMs + late.ms, fire),
    afterTurn: (fire) => clock.afterTurn(fire),
  };
}

test("a wall clock that is set is noticed within a second, once", async () => {
  const clock = new ManualClock();
  const watched = watch(clock);
  await clock.advance(5_500);

  clock.setTime(clock.now() - 101);
  await clock.advance(500);

  expect(watched.jumps()).toBe(1);
  await clock.advance(10_000);
  expect(watched.jumps()).toBe(1);
});

test("a sleep in which the monotonic clock stood still is noticed within a second of waking", async () => {
  const clock = new ManualClock();
  const watched = watch(clock);
  await clock.advance(1_700);

  clock.setTime(clock.now() + 300_000);
  await clock.advance(300);

  expect(watched.jumps()).toBe(1);
});

test("a wall clock that is slewed, by up to 100 ms in a second, is no jump, however far it goes", async () => {
  const clock = new ManualClock();
  const watched = watch(clock);

  for (let second = 0; second < 60; second++) {
    clock.setTime(clock.now() + 100);
    await clock.advance(1_000);
  }

  expect(watched.jumps()).toBe(0);
});

test("a page that was frozen for more than 3 s is a jump, a busy one is none", async () => {
  const clock = new ManualClock();
  const late = { ms: 3_000 };
  const watched = watch(lateClock(clock, late));
  await clock.advance(8_000);
  const whenBusy = watched.jumps();

  late.ms = 3_001;
  await clock.advance(8_001);

  expect(whenBusy).toBe(0);
  expect(watched.jumps()).toBe(1);
});

test("a watch that is cancelled notices nothing", async () => {
  const clock = new ManualClock();
  const watched = watch(clock);

  watched.cancel();
  clock.setTime(0);
  await clock.advance(10_000);

  expect(watched.jumps()).toBe(0);
});

function plan() {
  const clock = new ManualClock();
  const pings: number[] = [];
  const pingPlan = createPingPlan(clock, 10_000, () => pings.push(clock.monotonic()));
  return { clock, pings, pingPlan };
}

test("a plan pings at once, 8 times within 2 s, and then each 10 s", async () => {
  const { clock, pings, pingPlan } = plan();

  pingPlan.start();
  await clock.advance(22_000);

  expect(pings).toEqual([0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 11_750, 21_750]);
});

test("a start during a burst begins it anew, and leaves nothing of the old one", async () => {
  const { clock, pings, pingPlan } = plan();
  pingPlan.start();
  await clock.advance(600);

  pingPlan.start();
  await clock.advance(2_000);

  expect(pings).toEqual([0, 250, 500, 600, 850, 1_100, 1_350, 1_600, 1_850, 2_100, 2_350]);
});

test("a plan that is stopped pings no more, and can be started again", async () => {
  const { clock, pings, pingPlan } = plan();
  pingPlan.start();
  await clock.advance(100);

  pingPlan.stop();
  await clock.advance(60_000);
  const whileStopped = pings.length;
  pingPlan.start();

  expect(whileStopped).toBe(1);
  expect(pings).toEqual([0, 60_100]);
});

test("a ping that stops the plan is its last", async () => {
  const clock = new ManualClock();
  let pings = 0;
  const pingPlan: PingPlan = createPingPlan(clock, 10_000, () => {
    pings++;
    pingPlan.stop();
  });

  pingPlan.start();
  await clock.advance(60_000);

  expect(pings).toBe(1);
});
