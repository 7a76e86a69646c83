import type { OutcomeTotals } from "./room-row.ts";

const modulus = 2 ** 32;

/** With one more outcome of so many bytes and this check. The order in which outcomes come and go does not matter. */
export function addOutcome({ count, bytes, checks }: OutcomeTotals, moreBytes: number, check: number): OutcomeTotals {
  return { count: count + 1, bytes: bytes + moreBytes, checks: (checks + check) % modulus };
}

/** With one less. */
export function takeOutcome({ count, bytes, checks }: OutcomeTotals, lessBytes: number, check: number): OutcomeTotals {
  return { count: count - 1, bytes: bytes - lessBytes, checks: (checks - check + modulus) % modulus };
}
