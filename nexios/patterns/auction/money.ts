/** A sum: an integer count of the smallest unit of its currency (cents, yen, fils), from 1 to `largestAmount`. Never a fraction. */
export type Amount = number;

/** Why a value is no sum that can be bid. */
export type AmountFault = "NOT_AN_INTEGER" | "NOT_POSITIVE" | "TOO_LARGE" | "NOT_A_MULTIPLE";

/** A sum with its currency: three letters of ISO 4217. */
export interface Money {
  readonly amount: Amount;
  readonly currency: string;
}

/** The largest sum; with steps and prices below it nothing is ever rounded. */
export const largestAmount = 1_000_000_000_000_000;

const currencyPattern = /^[A-Z]{3}$/;

/** True for three capital letters: which of them are in use is for the seller to know. */
export function isCurrency(value: unknown): value is string {
  return typeof value === "string" && currencyPattern.test(value);
}

/** What is wrong with a value as a sum; `undefined` for a sum. `unit`: sums are whole multiples of it. */
export function findAmountFault(value: unknown, unit = 1): AmountFault | undefined {
  if (typeof value !== "number" || !Number.isInteger(value)) return "NOT_AN_INTEGER";
  if (value < 1) return "NOT_POSITIVE";
  if (value > largestAmount) return "TOO_LARGE";
  return value % unit === 0 ? undefined : "NOT_A_MULTIPLE";
}
