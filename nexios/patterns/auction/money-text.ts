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
  const plain = text.replaceAll(/[\s\u00a0\u202f]|^[\s\p{L}\p{Sc}]+|[\s\p{L}\p{Sc}]+$/gu, "");
  const [whole = "", fraction = "", ...more] = plain.split(decimal);
  const groups = whole.split(group);
  if (more.length > 0 || !isGrouped(groups) || !/^\d*$/.test(fraction) || fraction.length > digits) return undefined;
  const amount = Number(groups.join("") + fraction.padEnd(digits, "0"));
  return amount >= 1 && amount <= largestAmount ? amount : undefined;
}

/** Digits in groups as languages have them. Where it is a point in one language and a comma in another, a sum of cents is not taken for a hundred times as much. */
function isGrouped([first = "", ...others]: readonly string[]): boolean {
  if (others.length === 0) return /^\d+$/.test(first);
  return /^\d{1,3}$/.test(first) && others.every((group, index) => (index === others.length - 1 ? /^\d{3}$/ : /^\d{2,3}$/).test(group));
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
