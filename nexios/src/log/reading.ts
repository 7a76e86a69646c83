import type { Millis, Offset } from "./log.ts";

/** How far a subscription has come in a log, and who works on it. */
export interface Reading {
  /** All up to it is handled. */
  readonly offset: Offset;
  /** Counts the leases: who has an older one does nothing more here. */
  readonly fence: number;
  /** Until then nobody else works on it; `undefined`: nobody does. */
  readonly leaseUntil: Millis | undefined;
  /** How often the entry after `offset` has failed. */
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
  /** Takes a lease; `early`: though a retry is not due. */
  | { readonly kind: "claim"; readonly now: Millis; readonly until: Millis; readonly early?: boolean }
  | { readonly kind: "renew"; readonly fence: number; readonly until: Millis }
  /** All up to an offset is handled; `release` gives the lease back. */
  | { readonly kind: "advance"; readonly fence: number; readonly offset: Offset; readonly release: boolean }
  /** The next entry has failed, and is to be tried again; gives the lease back. */
  | { readonly kind: "fail"; readonly fence: number; readonly at: Millis; readonly retryAt: Millis; readonly error: string }
  /** The next entry is given up: it is a dead letter. `wait`: those behind it wait until somebody has seen to it; it gives the lease back. */
  | { readonly kind: "bury"; readonly fence: number; readonly at: Millis; readonly error: string; readonly wait: boolean }
  | { readonly kind: "release"; readonly fence: number }
  /** Those behind a dead letter wait no more, whoever has the lease. */
  | { readonly kind: "resume" };

/** What a step comes to. */
export interface Stepped {
  readonly reading: Reading;
  /** The entry that was given up. */
  readonly buried?: { readonly offset: Offset; readonly at: Millis; readonly attempts: number; readonly error: string };
}

/** No time comes after it. */
export const never: Millis = 8_640_000_000_000_000;

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
      return isFree(step.early === true ? { ...reading, retryAt: undefined } : reading, step.now)
        ? { reading: { ...reading, fence: reading.fence + 1, leaseUntil: step.until } }
        : undefined;
    case "resume":
      return { reading: reading.retryAt === never ? { ...reading, offset: reading.offset + 1, ...untried } : reading };
    default:
      // Whose lease ran out, and was not taken by another, still has it.
      return reading.leaseUntil !== undefined && reading.fence === step.fence ? stepLeased(reading, step) : undefined;
  }
}

function stepLeased(reading: Reading, step: Exclude<ReadingStep, { readonly kind: "claim" | "resume" }>): Stepped | undefined {
  switch (step.kind) {
    case "renew":
      return { reading: { ...reading, leaseUntil: step.until } };
    case "release":
      return { reading: { ...reading, leaseUntil: undefined } };
    case "advance": {
      if (step.offset < reading.offset) return undefined;
      const moved = step.offset === reading.offset ? reading : { ...reading, offset: step.offset, ...untried };
      return { reading: step.release ? { ...moved, leaseUntil: undefined } : moved };
    }
    case "fail": {
      const { at, retryAt, error } = step;
      return { reading: { ...reading, leaseUntil: undefined, attempts: reading.attempts + 1, firstAt: reading.firstAt ?? at, retryAt, error } };
    }
    case "bury": {
      const { at, error, wait } = step;
      const [offset, attempts] = [reading.offset + 1, reading.attempts + 1];
      const after = wait ? { ...reading, leaseUntil: undefined, attempts, retryAt: never, error } : { ...reading, offset, ...untried };
      return { reading: after, buried: { offset, at, attempts, error } };
    }
  }
}
