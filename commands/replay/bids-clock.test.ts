import { expect, test } from "vitest";
import { HopClock, realPace } from "./bids-clock.ts";

test("what was planned for the time in between fires in order, each at its own time", async () => {
  const clock = new HopClock(1_000);
  const fired: string[] = [];
  const note = (name: string) => (): number => fired.push(`${name} ${clock.now()} ${clock.monotonic()}`);
  clock.after(300, note("c"));
  clock.after(100, note("a"));
  clock.after(200, note("b"));
  clock.after(501, note("later"));

  await clock.reach(1_500);

  expect(fired).toEqual(["a 1100 100", "b 1200 200", "c 1300 300"]);
  expect([clock.now(), clock.monotonic()]).toEqual([1_500, 500]);
});

test("what is repeated each second runs twice for days that pass at once, and each second for seconds", async () => {
  const clock = new HopClock(0);
  const moments: number[] = [];
  const again = (): void => {
    moments.push(clock.now());
    clock.after(1_000, again);
  };
  clock.after(1_000, again);

  await clock.reach(86_400_000);
  await clock.reach(86_401_000);
  await clock.reach(86_402_000);

  expect(moments).toEqual([1_000, 86_400_000, 86_401_000, 86_402_000]);
});

test("a timer that another cancels on the way does not fire", async () => {
  const clock = new HopClock(0);
  let fired = false;
  const cancel = clock.after(20, () => (fired = true));
  clock.after(10, cancel);

  await clock.reach(100);

  expect(fired).toBe(false);
});

test("time does not go back, and the two clocks never part", async () => {
  const clock = new HopClock(5_000);

  await clock.reach(6_000);
  await clock.reach(5_500);

  expect([clock.now(), clock.monotonic()]).toEqual([6_000, 1_000]);
});

test("what is due at once needs no time to pass", async () => {
  const clock = new HopClock(0);

  await new Promise<void>((resolve) => clock.after(0, resolve));
  const cancelled = clock.after(0, () => expect.unreachable());
  cancelled();
  await new Promise<void>((resolve) => clock.afterTurn(resolve));

  expect(clock.now()).toBe(0);
});

test("who waits for what comes only with time gets it", async () => {
  const clock = new HopClock(0);

  const value = await clock.waitFor(new Promise<string>((resolve) => clock.after(150, () => resolve("here"))));

  expect(value).toBe("here");
  expect(clock.now()).toBeGreaterThanOrEqual(150);
});

test.for([
  ["moved", new HopClock(0)],
  ["real", realPace],
] as const)("by a %s clock, who waits gets what was thrown", async ([, pace]) => {
  await expect(pace.waitFor(Promise.reject(new Error("no")))).rejects.toThrow("no");
});

test("the real clock reaches a moment no sooner than it comes, and one that is past at once", async () => {
  const moment = Date.now() + 5;

  await realPace.reach(moment);
  await realPace.reach(0);

  expect(realPace.now()).toBeGreaterThanOrEqual(moment);
});
