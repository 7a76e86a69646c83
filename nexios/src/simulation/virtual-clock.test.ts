import { expect, test } from "vitest";
import { Scheduler } from "./scheduler.ts";
import { VirtualClock } from "./virtual-clock.ts";

const startAt = Date.UTC(2030, 0, 1);

function open(skewMs = 0): { scheduler: Scheduler; clock: VirtualClock; fired: string[]; note: (name: string) => () => void } {
  const scheduler = new Scheduler();
  const fired: string[] = [];
  const clock = new VirtualClock(scheduler, { startAt, skewMs });
  return { scheduler, clock, fired, note: (name) => () => void fired.push(`${name} ${scheduler.now}`) };
}

test("the wall clock is ahead by its skew, and both clocks go on with virtual time", async () => {
  const { scheduler, clock } = open(250);

  await scheduler.run(1_000.75);

  expect([clock.now(), clock.monotonic()]).toEqual([startAt + 1_250, 1_000.75]);
});

test("a process that starts later has the same wall clock, and a monotonic one of its own", async () => {
  const { scheduler } = open();
  await scheduler.run(5_000);

  const later = new VirtualClock(scheduler, { startAt, skewMs: 0 });

  expect([later.now(), later.monotonic()]).toEqual([startAt + 5_000, 0]);
});

test("a step moves the wall clock, and neither the monotonic one nor a timer", async () => {
  const { scheduler, clock, fired, note } = open();
  clock.after(100, note("timer"));

  const stepped = [clock.step(-3_600_000), clock.step(0)];
  await scheduler.run(100);

  expect(stepped).toEqual([true, false]);
  expect([clock.now(), clock.monotonic()]).toEqual([startAt - 3_600_000 + 100, 100]);
  expect(fired).toEqual(["timer 100"]);
});

test("a cancelled timer does not fire, not even one that waits for a blocked loop", async () => {
  const { scheduler, clock, fired, note } = open();
  const cancels = [clock.after(10, note("early")), clock.after(20, note("blocked"))];
  clock.after(20, note("other"));

  cancels[0]?.();
  clock.stall(30);
  await scheduler.run(25);
  cancels[1]?.();
  await scheduler.run(25);

  expect(fired).toEqual(["other 30"]);
});

test("nothing of a killed process fires any more: no timer, no turn, nothing that waited, nothing from outside", async () => {
  const { scheduler, clock, fired, note } = open();
  clock.after(5, note("waited"));
  clock.stall(8);
  await scheduler.run(6);
  clock.after(10, note("timer"));
  clock.afterTurn(note("turn"));

  const stopped = [clock.stop(), clock.stop()];
  clock.after(1, note("later timer"));
  clock.afterTurn(note("later turn"));
  clock.enter(note("outside"));
  await scheduler.run(100);

  expect(stopped).toEqual([true, false]);
  expect([clock.step(1), clock.stall(1)]).toEqual([false, false]);
  expect(fired).toEqual([]);
});

test("a stalled process does nothing until then; what fell due meanwhile comes late, in order, each with its promise jobs, before what comes anew", async () => {
  const { scheduler, clock, fired, note } = open();
  clock.after(10, () => {
    note("a")();
    void Promise.resolve().then(note("job of a"));
    clock.afterTurn(note("turn of a"));
  });
  clock.after(20, note("b"));
  clock.after(50, note("c"));
  clock.after(60, note("d"));
  scheduler.after(30, () => clock.enter(note("outside")));
  scheduler.after(50, () => clock.enter(note("just then")));

  const stalled = clock.stall(50);
  await scheduler.run(100);

  expect(stalled).toBe(true);
  expect(fired).toEqual(["a 50", "job of a 50", "b 50", "outside 50", "c 50", "just then 50", "turn of a 50", "d 60"]);
});

test("a longer stall extends a running one, a shorter one changes nothing, and order stays", async () => {
  const { scheduler, clock, fired, note } = open();
  clock.stall(20);
  clock.enter(note("first"));
  await scheduler.run(10);

  const extended = [clock.stall(5), clock.stall(30)];
  clock.enter(note("second"));
  await scheduler.run(15);
  clock.enter(note("third"));
  await scheduler.run(50);

  expect(extended).toEqual([false, true]);
  expect(fired).toEqual(["first 40", "second 40", "third 40"]);
});
