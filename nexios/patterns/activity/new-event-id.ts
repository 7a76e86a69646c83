/** An event's id: a UUID of version 7 (RFC 9562, section 5.7) of a time and 74 random bits, so that ids of later events are stored behind earlier ones. */
export function newEventId(time: number, random: () => number): string {
  const hex = Math.floor(Math.max(0, time)).toString(16).padStart(12, "0").slice(-12);
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
  const variant = (8 + Math.floor(random() * 4)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}
