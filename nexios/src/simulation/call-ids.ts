import type { Random } from "./random.ts";

/** A call's id, made at a moment: a UUID of version 7 (RFC 9562, section 5.7). */
export function toCallId(madeAt: number, random: Random): string {
  const time = Math.floor(madeAt).toString(16).padStart(12, "0");
  const rest = random.uuid();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(15)}`;
}
