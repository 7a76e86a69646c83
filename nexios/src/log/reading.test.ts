import fc from "fast-check";
import { expect, test } from "vitest";
import { firstReading, isFree, never, type Reading, type ReadingStep, stepReading } from "./reading.ts";

function after(reading: Reading, ...steps: readonly ReadingStep[]): Reading {
  return steps.reduce((before, step) => {
    const stepped = stepReading(before, step);
    if (stepped === undefined) throw new Error(`${step.kind} was not done`);
    return stepped.reading;
  }, reading);
}

const claimed = after(firstReading, { kind: "claim", now: 0, until: 100 });

test("one has the lease until it ends, and the next has a higher fence", () => {
  expect(stepReading(claimed, { kind: "claim", now: 99, until: 300 })).toBeUndefined();

  const next = after(claimed, { kind: "claim", now: 100, until: 300 });

  expect([claimed.fence, next.fence]).toEqual([1, 2]);
  for (const kind of ["renew", "advance", "fail", "bury", "release"] as const) {
    const late = { kind, fence: 1, until: 900, offset: 1, release: false, at: 1, retryAt: 2, error: "", wait: false };
    expect([kind, stepReading(next, late)]).toEqual([kind, undefined]);
  }
});

test("whose lease ran out may go on as long as no other has taken it", () => {
  expect(after(claimed, { kind: "advance", fence: 1, offset: 3, release: true })).toEqual({ ...firstReading, offset: 3, fence: 1 });
});

test("nothing goes back, and nothing is done twice after the lease was given back", () => {
  const done = after(claimed, { kind: "advance", fence: 1, offset: 3, release: false });

  expect(stepReading(done, { kind: "advance", fence: 1, offset: 2, release: false })).toBeUndefined();
  expect(stepReading(after(done, { kind: "release", fence: 1 }), { kind: "advance", fence: 1, offset: 4, release: false })).toBeUndefined();
});

test("what has failed waits for its time, and counts its tries until it is handled", () => {
  const failed = after(claimed, { kind: "fail", fence: 1, at: 5, retryAt: 50, error: "no" });
  const again = after(failed, { kind: "claim", now: 50, until: 90 }, { kind: "fail", fence: 2, at: 60, retryAt: 200, error: "no again" });

  expect([isFree(failed, 49), isFree(failed, 50)]).toEqual([false, true]);
  expect(again).toEqual({ offset: 0, fence: 2, leaseUntil: undefined, attempts: 2, firstAt: 5, retryAt: 200, error: "no again" });
  const handled = after(again, { kind: "claim", now: 200, until: 300 }, { kind: "advance", fence: 3, offset: 1, release: true });
  expect(handled).toEqual({ ...firstReading, offset: 1, fence: 3 });
});

test("what is given up is a dead letter, and those behind it go on, or wait until somebody has seen to it", () => {
  const bury = { kind: "bury", fence: 1, at: 7, error: "no" } as const;
  const letter = { offset: 1, at: 7, attempts: 1, error: "no" };
  const on = stepReading(claimed, { ...bury, wait: false });
  const waiting = stepReading(claimed, { ...bury, wait: true });

  expect([on?.buried, waiting?.buried]).toEqual([letter, letter]);
  expect(on?.reading).toEqual({ ...claimed, offset: 1 });
  expect(waiting?.reading.retryAt).toBe(never);
  expect(after(waiting?.reading ?? firstReading, { kind: "resume" })).toEqual({ ...firstReading, offset: 1, fence: 1 });
});

test("whatever several workers do in whatever order, one at most has a lease at a time, and no offset goes back", () => {
  const at = fc.integer({ min: 0, max: 40 });
  const step = fc.record({
    kind: fc.constantFrom("claim", "renew", "advance", "fail", "bury", "release", "resume"),
    fence: fc.integer({ min: 0, max: 6 }),
    now: at,
    until: at,
    offset: fc.integer({ min: 0, max: 8 }),
    release: fc.boolean(),
    at,
    retryAt: at,
    error: fc.constant("no"),
    wait: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let reading = firstReading;
      for (const each of steps) {
        const stepped = stepReading(reading, each);
        if (stepped === undefined) continue;
        expect(stepped.reading.offset).toBeGreaterThanOrEqual(reading.offset);
        expect(stepped.reading.fence).toBe(reading.fence + (each.kind === "claim" ? 1 : 0));
        const mayDo = each.kind === "claim" ? isFree(reading, each.now) : each.kind === "resume" || each.fence === reading.fence;
        expect(mayDo).toBe(true);
        reading = stepped.reading;
      }
    }),
  );
});
