import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { StoreClock } from "./store-clock.ts";

test("the store's time goes with the monotonic clock, whatever the wall clock does, and a step is reported once", async () => {
  const clock = new ManualClock();
  const store = new StoreClock(clock);
  const start = store.now();
  const steps: unknown[] = [];
  const listen = (fields: unknown): void => void steps.push(fields);
  subscribe("nexios:clock", listen);

  const times = [];
  for (const step of [3_600_000, -7_200_000]) {
    clock.setTime(clock.now() + step);
    times.push(store.now() - start);
    await clock.advance(10_000);
    times.push(store.now() - start);
  }
  unsubscribe("nexios:clock", listen);

  expect(times).toEqual([0, 10_000, 10_000, 20_000]);
  expect(steps).toEqual([{ stepMs: 3_600_000 }, { stepMs: -7_200_000 }]);
});

test("a wall clock that is off by little is followed slowly, and never backwards", async () => {
  const clock = new ManualClock();
  const store = new StoreClock(clock);
  const start = store.now();

  clock.setTime(clock.now() - 400);
  const times = [store.now() - start];
  for (let second = 0; second < 10; second++) {
    await clock.advance(1_000);
    times.push(store.now() - start);
  }

  expect(times).toEqual([0, 950, 1_900, 2_850, 3_800, 4_750, 5_700, 6_650, 7_600, 8_600, 9_600]);
});
