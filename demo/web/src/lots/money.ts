import { formatMoney, parseMoney } from "nexios/auction/client";
import type { Amount } from "nexios/auction";

/** The person's language, with the digits that are read back from a field. */
const locale = new Intl.Locale(navigator.language, { numberingSystem: "latn" }).toString();
/** What a language may put around a sum, or into it, and nobody sees: marks of its direction. */
const marks = /\p{Cf}/gu;

/** A sum in the manner of the person's language, which is also how it is typed. */
export function toMoney(amount: Amount, currency: string): string {
  return formatMoney({ amount, currency }, locale);
}

/** The same as it stands in a field: without the currency, and read back as the same sum. */
export function toFieldText(amount: Amount, currency: string): string {
  return toMoney(amount, currency).replaceAll(/[\s\u00a0\u202f\p{L}\p{Sc}\p{Cf}]/gu, "");
}

/** A sum as it was typed; `undefined` for what is none. */
export function readMoney(text: string, currency: string): Amount | undefined {
  return parseMoney(text.replaceAll(marks, ""), currency, locale);
}
