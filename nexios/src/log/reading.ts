import type { Millis, Offset } from "./log.ts";

/** How far a subscription has come in a log, and who works on it. */
export interface Reading {
  /** All up to it is handled. */
  readonly offset: Offset;
  /**
   * Grows with each lease: who has an older one does nothing more here. Odd from the claim of who works on the entry after `offset` until he gives it back, so
   * that one who died over it has left a mark, whatever became of his lease.
   */
  readonly fence: number;
  /** Until then nobody else works on it; `undefined`: nobody does. */
  readonly leaseUntil: Millis | undefined;
  /** How often the entry after `offset` has failed, or was left unfinished. */
  readonly attempts: number;
  /** When it failed first. */
  readonly firstAt: Millis | undefined;
  /** Not before this it is tried again. */
  readonly retryAt: Millis | undefined;
  /** What it failed by the last time. */
  readonly error: string | undefined;
}

/** What is done to a reading; all but a claim by who has its lease. */
export type ReadingStep =
  /** Takes a lease; `early`: though a retry is not due, and not for the entry after `offset`. One that was never given back counts as a try that has failed. */
  | { readonly kind: "claim"; readonly now: Millis; readonly until: Millis; readonly early?: boolean }
  | { readonly kind: "renew"; readonly fence: number; readonly until: Millis }
  /** All up to an offset is handled; `release` gives the lease back. */
  | { readonly kind: "advance"; readonly fence: number; readonly offset: Offset; readonly release: boolean }
  /** All up to an offset is handled, and nothing stands behind it that could have failed; gives the lease back. */
  | { readonly kind: "rest"; readonly fence: number; readonly offset: Offset }
  /** The next entry has failed, and is to be tried again; gives the lease back. */
  | { readonly kind: "fail"; readonly fence: number; readonly at: Millis; readonly retryAt: Millis; readonly error: string }
  /** The next entry is given up: it is a dead letter. `wait`: those behind it wait until somebody has seen to it; it gives the lease back. `isCounted`: its last try is. */
  | { readonly kind: "bury"; readonly fence: number; readonly at: Millis; readonly error: string; readonly wait: boolean; readonly isCounted?: boolean }
  | { readonly kind: "release"; readonly fence: number }
  /** An entry that was given up is handled after all: its letter goes, and those that wait behind it go on. Not done where there is no such letter. */
  | { readonly kind: "unbury"; readonly fence: number; readonly offset: Offset }
  /** An entry that was given up was tried once more, and has failed: its letter counts it. Not done where there is no such letter. */
  | { readonly kind: "failAgain"; readonly fence: number; readonly offset: Offset; readonly error: string }
  /** Those behind a dead letter wait no more, whoever has the lease. */
  | { readonly kind: "resume" };

/** What a step comes to. */
export interface Stepped {
  readonly reading: Reading;
  /** The entry that was given up. */
  readonly buried?: { readonly offset: Offset; readonly at: Millis; readonly attempts: number; readonly error: string };
  /** The entry whose letter goes: if there is none, the step may not be done. */
  readonly unburied?: Offset;
  /** The entry whose letter counts one more try: if there is none, the step may not be done. */
  readonly failedAgain?: { readonly offset: Offset; readonly error: string };
}

/** No time comes after it. */
export const never: Millis = 8_640_000_000_000_000;

/** What a try has failed by whose process has ended over it, or stood still for longer than its lease. */
export const unfinished = "The process ended, or stood still, before it was handled";

const untried = { attempts: 0, firstAt: undefined, retryAt: undefined, error: undefined };

/** Before anything was done. */
export const firstReading: Reading = { offset: 0, fence: 0, leaseUntil: undefined, ...untried };

/** Whether somebody may work on it now. Pure. */
export function isFree({ leaseUntil, retryAt }: Reading, now: Millis): boolean {
  return (leaseUntil ?? 0) <= now && (retryAt ?? 0) <= now;
}

/** Does a step; `undefined` when it may not be done: another has the lease, or its time has not come. Every store does it by this function, so that all agree. Pure. */
export function stepReading(reading: Reading, step: ReadingStep): Stepped | undefined {
  switch (step.kind) {
    case "claim":
      return isFree(step.early === true ? { ...reading, retryAt: undefined } : reading, step.now) ? { reading: claim(reading, step) } : undefined;
    case "resume":
      return { reading: resumed(reading) };
    default:
      // Whose lease ran out, and was not taken by another, still has it.
      return reading.leaseUntil !== undefined && reading.fence === step.fence ? stepLeased(reading, step) : undefined;
  }
}

function claim(reading: Reading, { now, until, early = false }: Extract<ReadingStep, { readonly kind: "claim" }>): Reading {
  const isUnfinished = isOdd(reading.fence);
  const { attempts, firstAt } = reading;
  const counted = isUnfinished ? { ...reading, attempts: attempts + 1, firstAt: firstAt ?? Math.floor(now), error: unfinished } : reading;
  return { ...counted, fence: reading.fence + (isUnfinished === early ? 1 : 2), leaseUntil: until };
}

/** Without a lease, and without the mark of one. */
function givenBack(reading: Reading): Reading {
  return { ...reading, fence: reading.fence + (isOdd(reading.fence) ? 1 : 0), leaseUntil: undefined };
}

function resumed(reading: Reading): Reading {
  return reading.retryAt === never ? { ...reading, offset: reading.offset + 1, ...untried } : reading;
}

function isOdd(fence: number): boolean {
  return fence % 2 === 1;
}

function stepLeased(reading: Reading, step: Exclude<ReadingStep, { readonly kind: "claim" | "resume" }>): Stepped | undefined {
  switch (step.kind) {
    case "renew":
      return { reading: { ...reading, leaseUntil: step.until } };
    case "release":
      return { reading: givenBack(reading) };
    case "unbury":
      return { reading: step.offset === reading.offset + 1 ? resumed(reading) : reading, unburied: step.offset };
    case "failAgain":
      return { reading, failedAgain: { offset: step.offset, error: step.error } };
    case "advance": {
      if (step.offset < reading.offset) return undefined;
      const moved = step.offset === reading.offset ? reading : { ...reading, offset: step.offset, ...untried };
      return { reading: step.release ? givenBack(moved) : moved };
    }
    case "rest":
      return step.offset < reading.offset ? undefined : { reading: { ...givenBack(reading), offset: step.offset, ...untried } };
    case "fail": {
      const { at, retryAt, error } = step;
      return { reading: { ...givenBack(reading), attempts: reading.attempts + 1, firstAt: reading.firstAt ?? at, retryAt, error } };
    }
    case "bury": {
      const { at, error, wait, isCounted = false } = step;
      const [offset, attempts] = [reading.offset + 1, reading.attempts + (isCounted ? 0 : 1)];
      const after = wait ? { ...givenBack(reading), attempts, retryAt: never, error } : { ...reading, offset, ...untried };
      return { reading: after, buried: { offset, at, attempts, error } };
    }
  }
}
