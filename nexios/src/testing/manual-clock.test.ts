import { expect, test } from "vitest";
import { ManualClock } from "./manual-clock.ts";

test("timers fire in the order of their moments, those of one moment in the order of their making, each at its own time", async () => {
  const clock = new ManualClock(1_000);
  const fired: string[] = [];
  const note = (name: string) => (): number => fired.push(`${name} ${clock.monotonic()} ${clock.now()}`);
  clock.after(30, note("c"));
  clock.after(10, note("a"));
  clock.after(30, note("d"));
  clock.after(20, note("b"));

  await clock.advance(30);

  expect(fired).toEqual(["a 10 1010", "b 20 1020", "c 30 1030", "d 30 1030"]);
});

test("a timer that a timer sets fires in the same advance when its moment has come", async () => {
  const clock = new ManualClock();
  const fired: number[] = [];
  clock.after(10, () => clock.after(10, () => fired.push(clock.monotonic())));

  await clock.advance(25);

  expect(fired).toEqual([20]);
  expect(clock.monotonic()).toBe(25);
});

test("promises that a timer settles go on before the next timer", async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  const first = new Promise<void>((resolve) => clock.after(10, resolve)).then(() => order.push("after the first"));
  clock.after(20, () => order.push("second"));

  await clock.advance(20);
  await first;

  expect(order).toEqual(["after the first", "second"]);
});

test("a cancelled timer, and one whose moment has not come, do not fire", async () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  const cancel = clock.after(10, () => fired.push("cancelled"));
  clock.after(11, () => fired.push("later"));
  clock.after(Infinity, () => fired.push("never"));

  cancel();
  await clock.advance(10);
  const before = [...fired];
  await clock.advance(1);

  expect(before).toEqual([]);
  expect(fired).toEqual(["later"]);
});

test("to set the wall clock moves no timer", async () => {
  const clock = new ManualClock(5_000);
  let fired = false;
  clock.after(10, () => (fired = true));

  clock.setTime(1_000_000);
  await clock.advance(9);

  expect(fired).toBe(false);
  expect([clock.monotonic(), clock.now()]).toEqual([9, 1_000_009]);
});
