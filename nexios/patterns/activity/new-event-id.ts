/**
 * An event's id: a UUID of version 7 (RFC 9562, section 5.7) of a time, a number of 12 bits and 62 random bits, so that ids of later events are stored behind earlier ones;
 * those of one millisecond by their numbers.
 */
export function newEventId(time: number, number: number, random: () => number): string {
  const moment = toHex(Math.floor(Math.max(0, time)), 12);
  const digits = Array.from({ length: 15 }, () => Math.floor(random() * 16).toString(16)).join("");
  const variant = (8 + Math.floor(random() * 4)).toString(16);
  return `${moment.slice(0, 8)}-${moment.slice(8)}-7${toHex(number % 4_096, 3)}-${variant}${digits.slice(0, 3)}-${digits.slice(3)}`;
}

function toHex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0").slice(-digits);
}
