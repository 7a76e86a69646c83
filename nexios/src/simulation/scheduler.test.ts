import { expect, test } from "vitest";
import { Scheduler } from "./scheduler.ts";

test("events fire in the order of their moments, those of one moment in the order of their making, each at its own time", async () => {
  const scheduler = new Scheduler();
  const fired: string[] = [];
  const note = (name: string) => (): number => fired.push(`${name} ${scheduler.now}`);
  scheduler.after(30, note("c"));
  scheduler.after(10.5, note("a"));
  scheduler.at(30, note("d"));
  scheduler.after(20, note("b"));

  await scheduler.run(30);

  expect(fired).toEqual(["a 10.5", "b 20", "c 30", "d 30"]);
  expect([scheduler.now, scheduler.steps, scheduler.pending]).toEqual([30, 4, 0]);
});

test("between two events of one moment every promise job runs, however long its chain", async () => {
  const scheduler = new Scheduler();
  const order: string[] = [];
  const chain = async (name: string): Promise<void> => {
    for (let link = 0; link < 1_000; link++) await Promise.resolve();
    order.push(`end of ${name}`);
  };
  for (const name of ["first", "second", "third"]) {
    scheduler.after(1, () => {
      order.push(name);
      void chain(name);
    });
  }

  await scheduler.run(1);

  expect(order).toEqual(["first", "end of first", "second", "end of second", "third", "end of third"]);
});

test("promise jobs are through between any two of many events, also where the machine's event loop has its turn", async () => {
  const scheduler = new Scheduler();
  let open = 0;
  const seen = new Set<number>();
  const leave = async (): Promise<void> => {
    for (let job = 0; job < 3; job++) await Promise.resolve();
    open--;
  };
  for (let index = 0; index < 1_000; index++) {
    scheduler.after(index % 7, () => {
      seen.add(open++);
      void leave();
    });
  }

  await scheduler.run(10);

  expect([...seen, open]).toEqual([0, 0]);
});

test("what the caller has begun goes on before the first event, and what the last event has begun before the run ends", async () => {
  const scheduler = new Scheduler();
  const order: string[] = [];
  scheduler.after(0, () => {
    order.push("event");
    void Promise.resolve().then(() => order.push("end of event"));
  });
  void Promise.resolve().then(() => order.push("caller"));

  await scheduler.run(0);

  expect(order).toEqual(["caller", "event", "end of event"]);
});

test("a turn comes after the promise jobs of its event, and before another event of the same moment", async () => {
  const scheduler = new Scheduler();
  const order: string[] = [];
  scheduler.after(5, () => {
    scheduler.afterTurn(() => {
      order.push(`turn ${scheduler.now}`);
      void Promise.resolve().then(() => order.push("job of turn"));
      scheduler.afterTurn(() => order.push("turn of turn"));
    });
    void Promise.resolve().then(() => order.push("job"));
  });
  scheduler.after(5, () => order.push("event"));

  await scheduler.run(5);

  expect(order).toEqual(["job", "turn 5", "job of turn", "turn of turn", "event"]);
});

test("a cancelled event, one whose moment has not come, and one that never comes do not fire", async () => {
  const scheduler = new Scheduler();
  const fired: string[] = [];
  const cancel = scheduler.after(10, () => fired.push("cancelled"));
  scheduler.after(11, () => fired.push("later"));
  scheduler.after(Infinity, () => fired.push("never"))();

  cancel();
  cancel();
  const waiting = scheduler.pending;
  await scheduler.run(10);
  const before = [...fired];
  await scheduler.run(1);

  expect([waiting, scheduler.pending]).toEqual([1, 0]);
  expect(before).toEqual([]);
  expect(fired).toEqual(["later"]);
});

test("cancelling what has fired does nothing", async () => {
  const scheduler = new Scheduler();
  const cancel = scheduler.after(1, () => undefined);
  await scheduler.run(1);

  cancel();

  expect(scheduler.pending).toBe(0);
});

test("thousands of cancelled timers leave nothing behind and disturb no other", async () => {
  const scheduler = new Scheduler();
  const fired: number[] = [];
  for (let index = 0; index < 5_000; index++) {
    const cancel = scheduler.after(1_000 - (index % 900), () => fired.push(index));
    if (index % 1_000 !== 0) cancel();
  }

  await scheduler.run(1_000);

  expect(fired).toEqual([4_000, 3_000, 2_000, 1_000, 0].toSorted((a, b) => (b % 900) - (a % 900)));
  expect(scheduler.pending).toBe(0);
});

test("a run ends as soon as it is done, and the next one goes on from there", async () => {
  const scheduler = new Scheduler();
  const fired: number[] = [];
  for (const ms of [1, 2, 3]) scheduler.after(ms, () => fired.push(ms));

  await scheduler.runUntil(() => fired.length === 2, 100);
  const stopped = [...fired, scheduler.now];
  await scheduler.run(100);

  expect(stopped).toEqual([1, 2, 2]);
  expect([...fired, scheduler.now]).toEqual([1, 2, 3, 102]);
});

test("a moment that has passed is the present one", async () => {
  const scheduler = new Scheduler();
  const fired: number[] = [];
  await scheduler.run(10);
  scheduler.at(3, () => fired.push(scheduler.now));
  scheduler.after(-5, () => fired.push(scheduler.now));

  await scheduler.run(0);

  expect(fired).toEqual([10, 10]);
});

test("what an event throws ends the run, and the rest can still be run", async () => {
  const scheduler = new Scheduler();
  let fired = false;
  scheduler.after(1, () => {
    throw new Error("in the event");
  });
  scheduler.after(2, () => (fired = true));

  await expect(scheduler.run(5)).rejects.toThrow("in the event");
  await scheduler.run(5);

  expect(fired).toBe(true);
});

test("a loop that never waits ends the run with an error instead of running for ever", async () => {
  const scheduler = new Scheduler();
  const again = (): void => scheduler.afterTurn(again);
  again();

  await expect(scheduler.run(5)).rejects.toThrow("Time stands still at 0 ms");
});

test("any number of steps is taken as long as time passes", async () => {
  const scheduler = new Scheduler();
  let count = 0;
  const again = (): void => {
    if (++count < 100_002) scheduler.after(1, again);
  };
  again();

  await scheduler.run(Infinity);

  expect([count, scheduler.now]).toEqual([100_002, 100_001]);
});

test("a second run at the same time, and a moment that is no number, are refused", async () => {
  const scheduler = new Scheduler();

  const first = scheduler.run(5);

  await expect(scheduler.run(5)).rejects.toThrow(TypeError);
  await expect(first).resolves.toBeUndefined();
  expect(() => scheduler.after(Number.NaN, () => undefined)).toThrow(TypeError);
});
