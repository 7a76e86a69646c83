const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });

/** 12,345 */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** Tenths while they say something, whole numbers after that: 0, 3.2, 128, 1,204. */
export function formatRate(value: number): string {
  return value !== 0 && value < 9.95 ? tenths.format(value) : whole.format(value);
}

/** Milliseconds with tenths up to a hundred. */
export function formatDelay(milliseconds: number): string {
  return milliseconds < 99.95 ? tenths.format(milliseconds) : whole.format(milliseconds);
}

/** A number and its unit, apart, because they are set in different sizes. Decimal units: 1 MB is 10^6 bytes. */
export function formatBytes(bytes: number): { readonly value: string; readonly unit: string } {
  const megabytes = bytes / 1e6;
  if (megabytes < 99.95) return { value: tenths.format(megabytes), unit: "MB" };
  if (megabytes < 999.5) return { value: whole.format(megabytes), unit: "MB" };
  return { value: tenths.format(megabytes / 1e3), unit: "GB" };
}

/** 12:04:31 in the person's own time zone. */
export function formatTime(milliseconds: number): string {
  return time.format(milliseconds);
}

/** Some but nearly none is "<0.1%", never "0%". */
export function formatShare(part: number, sum: number): string {
  if (part <= 0 || sum <= 0) return percent.format(0);
  return part / sum < 0.001 ? "<0.1%" : percent.format(part / sum);
}

/** An age in tenths of a second up to ten, then in whole seconds. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1_000;
  return seconds < 9.95 ? tenths.format(seconds) : whole.format(seconds);
}

/** What decides how wide a number is: all digits are as wide as each other, all else is not. "9.4" and "128" differ. */
export function toShape(text: string): string {
  return text.replaceAll(/\d/g, "0");
}
