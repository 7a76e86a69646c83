import { type Amount, largestAmount, type Money } from "./money.ts";

/** How many digits of a currency stand behind the point: 2 for EUR, 0 for JPY, 3 for KWD. @throws RangeError for what is no currency */
export function digitsOf(currency: string): number {
  return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** A sum as people read it. No sum becomes a fraction on the way: Intl gets its digits. */
export function formatMoney({ amount, currency }: Money, locale?: string): string {
  const digits = digitsOf(currency);
  // A decimal text: what Intl takes without rounding.
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(toDecimal(amount, digits) as `${number}`);
}

/** A sum as people write it, with the separators of their language or without; `undefined` for what is no sum of the currency. Nothing is rounded. */
export function parseMoney(text: string, currency: string, locale?: string): Amount | undefined {
  const digits = digitsOf(currency);
  const { decimal, group } = separatorsOf(locale);
  // What stands around the digits is the currency.
  const plain = text
    .replaceAll(/[\s\u00a0\u202f]|^[\s\p{L}\p{Sc}]+|[\s\p{L}\p{Sc}]+$/gu, "")
    .split(group)
    .join("");
  const [whole = "", fraction = "", ...more] = plain.split(decimal);
  if (more.length > 0 || !/^\d+$/.test(whole) || !/^\d*$/.test(fraction) || fraction.length > digits) return undefined;
  const amount = Number(whole + fraction.padEnd(digits, "0"));
  return amount >= 1 && amount <= largestAmount ? amount : undefined;
}

function toDecimal(amount: Amount, digits: number): string {
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function separatorsOf(locale: string | undefined): { readonly decimal: string; readonly group: string } {
  const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, useGrouping: "always" }).formatToParts(12_345.5);
  const find = (kind: string, otherwise: string): string => parts.find(({ type }) => type === kind)?.value ?? otherwise;
  return { decimal: find("decimal", "."), group: find("group", ",") };
}
