import { formatMoney } from "nexios/auction/client";
import type { Amount } from "nexios/auction";

/** A sum in the manner of the person's language, which is also how it is typed. */
export function toMoney(amount: Amount, currency: string): string {
  return formatMoney({ amount, currency });
}

/** The same as it stands in a field: without the currency, and read back as the same sum. */
export function toFieldText(amount: Amount, currency: string): string {
  return toMoney(amount, currency).replaceAll(/[\s\u00a0\u202f\p{L}\p{Sc}]/gu, "");
}
