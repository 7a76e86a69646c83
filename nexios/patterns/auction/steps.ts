import { type Amount, findAmountFault } from "./money.ts";

/** By how much a bid must raise a price that is at or above `from`. */
export interface Step {
  readonly from: Amount;
  readonly step: Amount;
}

/** A table of increments, the lowest price first and from 0 on. */
export type Steps = readonly Step[];

/** eBay's increments, in hundredths (cents); its help page has them. */
export const ebaySteps: Steps = [
  { from: 0, step: 5 },
  { from: 1_00, step: 25 },
  { from: 5_00, step: 50 },
  { from: 25_00, step: 1_00 },
  { from: 100_00, step: 2_50 },
  { from: 250_00, step: 5_00 },
  { from: 500_00, step: 10_00 },
  { from: 1_000_00, step: 25_00 },
  { from: 2_500_00, step: 50_00 },
  { from: 5_000_00, step: 100_00 },
];

/** Trade Me's increments, in hundredths (cents). */
export const tradeMeSteps: Steps = [
  { from: 0, step: 50 },
  { from: 20_00, step: 1_00 },
  { from: 200_00, step: 5_00 },
  { from: 1_000_00, step: 10_00 },
  { from: 5_000_00, step: 50_00 },
  { from: 25_000_00, step: 100_00 },
];

const mostSteps = 50;

/** The step at a price: that of the last row which begins at or below it. */
export function stepAt(steps: Steps, price: Amount): Amount {
  let { step = 1 } = steps[0] ?? {};
  for (const row of steps) {
    if (row.from > price) break;
    step = row.step;
  }
  return step;
}

/** What is wrong with a table; `undefined` for one that can be used with sums that are multiples of `unit`. */
export function findStepsFault(steps: unknown, unit: Amount): string | undefined {
  if (!Array.isArray(steps) || steps.length === 0 || steps.length > mostSteps) return `steps must be 1 to ${mostSteps} rows`;
  let [last, lastStep] = [-1, 0];
  for (const row of steps as readonly Partial<Step>[]) {
    const { from = -1, step = 0 } = row;
    if (!Number.isInteger(from) || from <= last || from > Number.MAX_SAFE_INTEGER)
      return "each row of steps must begin above the one before, at a whole number";
    if (findAmountFault(step, unit) !== undefined) return `each step must be a sum, and a multiple of ${unit}`;
    // A price must not fall by a bid that is higher.
    if (step < lastStep) return "no step must be smaller than the one before";
    [last, lastStep] = [from, step];
  }
  return (steps as Steps)[0]?.from === 0 ? undefined : "the first row of steps must begin at 0";
}
