import { expect, test } from "vitest";
import { ManualClock } from "../testing/manual-clock.ts";
import { repeat, systemClock } from "./clock.ts";

test("repeat runs at each interval until it is cancelled", async () => {
  const clock = new ManualClock();
  const moments: number[] = [];

  const cancel = repeat(clock, 100, () => moments.push(clock.monotonic()));
  await clock.advance(350);
  cancel();
  cancel();
  await clock.advance(1_000);

  expect(moments).toEqual([100, 200, 300]);
});

test("a repetition that cancels itself does not run again", async () => {
  const clock = new ManualClock();
  let runs = 0;

  const cancel = repeat(clock, 100, () => {
    runs++;
    cancel();
  });
  await clock.advance(1_000);

  expect(runs).toBe(1);
});

test("the wall clock may jump without a repetition running early or late", async () => {
  const clock = new ManualClock();
  let runs = 0;
  const cancel = repeat(clock, 1_000, () => runs++);

  clock.setTime(0);
  await clock.advance(999);
  const early = runs;
  clock.setTime(Date.UTC(2100, 0, 1));
  await clock.advance(1);
  cancel();

  expect([early, runs]).toEqual([0, 1]);
});

test("the system's clock fires what is due, and not what was cancelled", async () => {
  const order: string[] = [];

  await new Promise<void>((resolve) => {
    const cancel = systemClock.after(0, () => order.push("cancelled"));
    systemClock.afterTurn(() => order.push("turn"));
    // The system's timers keep no process alive; this test must not end before it.
    const alive = setInterval(() => undefined, 1_000);
    cancel();
    systemClock.after(20, () => {
      order.push("after");
      clearInterval(alive);
      resolve();
    });
  });

  expect(order).toEqual(["turn", "after"]);
});

test("a delay longer than Node's timers take does not fire at once", async () => {
  let fired = false;

  const cancels = [2 ** 31, Number.MAX_SAFE_INTEGER, Infinity].map((delay) => systemClock.after(delay, () => (fired = true)));
  // Node fires what is too long after a millisecond, before a timer that is set later for a later moment.
  await new Promise((resolve) => setTimeout(resolve, 5));
  for (const cancel of cancels) cancel();

  expect(fired).toBe(false);
});

test("the monotonic clock does not go back", () => {
  const moments = Array.from({ length: 1_000 }, () => systemClock.monotonic());

  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
});
