import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { createTimer } from "./timer.ts";

test("a timer fires once, and is set until then", async () => {
  const clock = new ManualClock();
  const timer = createTimer(clock);
  const fired: boolean[] = [];
  timer.set(100, () => fired.push(timer.isSet));
  await clock.advance(99);
  const before = [timer.isSet, fired.length];

  await clock.advance(1_000);

  expect([before, fired]).toEqual([[true, 0], [false]]);
});

test("a timer that is set anew forgets what it was set to", async () => {
  const clock = new ManualClock();
  const timer = createTimer(clock);
  const fired: string[] = [];
  timer.set(100, () => fired.push("first"));

  timer.set(50, () => fired.push("second"));
  await clock.advance(1_000);

  expect(fired).toEqual(["second"]);
});

test("a timer that is stopped does not fire, and can be set again by what it runs", async () => {
  const clock = new ManualClock();
  const timer = createTimer(clock);
  let fired = 0;
  const run = (): void => {
    if (++fired < 3) timer.set(10, run);
  };
  timer.set(10, run);
  timer.stop();
  await clock.advance(100);
  const whileStopped = [timer.isSet, fired];

  timer.set(10, run);
  await clock.advance(100);

  expect([whileStopped, fired, timer.isSet]).toEqual([[false, 0], 3, false]);
});
