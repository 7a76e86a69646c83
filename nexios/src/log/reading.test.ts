import fc from "fast-check";
import { expect, test } from "vitest";
import { firstReading, isFree, never, type Reading, type ReadingStep, stepReading, unfinished } from "./reading.ts";

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

  expect([claimed.fence, next.fence]).toEqual([1, 3]);
  for (const kind of ["renew", "advance", "fail", "bury", "release", "unbury", "rest"] as const) {
    const late = { kind, fence: 1, until: 900, offset: 1, release: false, at: 1, retryAt: 2, error: "", wait: false };
    expect([kind, stepReading(next, late)]).toEqual([kind, undefined]);
  }
});

test("whose lease ran out may go on as long as no other has taken it", () => {
  expect(after(claimed, { kind: "advance", fence: 1, offset: 3, release: true })).toEqual({ ...firstReading, offset: 3, fence: 2 });
});

test("nothing goes back, and nothing is done twice after the lease was given back", () => {
  const done = after(claimed, { kind: "advance", fence: 1, offset: 3, release: false });

  expect(stepReading(done, { kind: "advance", fence: 1, offset: 2, release: false })).toBeUndefined();
  expect(stepReading(after(done, { kind: "release", fence: 1 }), { kind: "advance", fence: 1, offset: 4, release: false })).toBeUndefined();
});

test("what has failed waits for its time, and counts its tries until it is handled", () => {
  const failed = after(claimed, { kind: "fail", fence: 1, at: 5, retryAt: 50, error: "no" });
  const again = after(failed, { kind: "claim", now: 50, until: 90 }, { kind: "fail", fence: 3, at: 60, retryAt: 200, error: "no again" });

  expect([isFree(failed, 49), isFree(failed, 50)]).toEqual([false, true]);
  expect(again).toEqual({ offset: 0, fence: 4, leaseUntil: undefined, attempts: 2, firstAt: 5, retryAt: 200, error: "no again" });
  const handled = after(again, { kind: "claim", now: 200, until: 300 }, { kind: "advance", fence: 5, offset: 1, release: true });
  expect(handled).toEqual({ ...firstReading, offset: 1, fence: 6 });
});

test("what is given up is a dead letter, and those behind it go on, or wait until somebody has seen to it", () => {
  const bury = { kind: "bury", fence: 1, at: 7, error: "no" } as const;
  const letter = { offset: 1, at: 7, attempts: 1, error: "no" };
  const on = stepReading(claimed, { ...bury, wait: false });
  const waiting = stepReading(claimed, { ...bury, wait: true });

  expect([on?.buried, waiting?.buried]).toEqual([letter, letter]);
  expect(on?.reading).toEqual({ ...claimed, offset: 1 });
  expect(waiting?.reading.retryAt).toBe(never);
  expect(after(waiting?.reading ?? firstReading, { kind: "resume" })).toEqual({ ...firstReading, offset: 1, fence: 2 });
});

test("a lease that was never given back counts as a try of the next entry, also when it was freed; one that was given back does not", () => {
  const freed = { ...claimed, leaseUntil: undefined };
  const again = { kind: "claim", now: 100, until: 200 } as const;

  const [expired, found, early] = [after(claimed, again), after(freed, again), after(freed, { ...again, early: true })];
  const twice = after({ ...found, leaseUntil: undefined }, { ...again, now: 150 });
  const back = after(claimed, { kind: "release", fence: 1 }, again);

  for (const each of [expired, found, early]) expect(each).toMatchObject({ attempts: 1, firstAt: 100, error: unfinished });
  expect(twice).toMatchObject({ attempts: 2, firstAt: 100 });
  expect(back).toMatchObject({ attempts: 0, firstAt: undefined, error: undefined });
  expect(stepReading(twice, { kind: "bury", fence: twice.fence, at: 160, error: "no", wait: false, isCounted: true })?.buried?.attempts).toBe(2);
});

test("where nothing stands behind what is handled, a lease that was never given back has left nothing that failed", () => {
  const found = after(claimed, { kind: "advance", fence: 1, offset: 3, release: false }, { kind: "claim", now: 100, until: 200 });

  expect(found.attempts).toBe(1);
  expect(after(found, { kind: "rest", fence: found.fence, offset: 3 })).toEqual({ ...firstReading, offset: 3, fence: found.fence + 1 });
  expect(stepReading(found, { kind: "rest", fence: found.fence, offset: 2 })).toBeUndefined();
});

test("who takes a lease for an entry that was given up leaves no mark on the one that is next", () => {
  const early = after(firstReading, { kind: "claim", now: 0, until: 100, early: true });

  const next = after({ ...early, leaseUntil: undefined }, { kind: "claim", now: 0, until: 100 });

  expect(next).toMatchObject({ attempts: 0, error: undefined });
  expect(next.fence).toBeGreaterThan(early.fence);
});

test("whatever several workers do in whatever order, one at most has a lease at a time, and no offset goes back", () => {
  const at = fc.integer({ min: 0, max: 40 });
  const step = fc.record({
    kind: fc.constantFrom("claim", "renew", "advance", "fail", "bury", "release", "resume", "unbury", "rest"),
    fence: fc.integer({ min: 0, max: 9 }),
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
        expect(stepped.reading.fence).toBeGreaterThanOrEqual(reading.fence + (each.kind === "claim" ? 1 : 0));
        const mayDo = each.kind === "claim" ? isFree(reading, each.now) : each.kind === "resume" || each.fence === reading.fence;
        expect(mayDo).toBe(true);
        reading = stepped.reading;
      }
    }),
  );
});
