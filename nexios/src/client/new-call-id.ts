import type { ClientWorld } from "./client-world.ts";

/** A call's id: a UUID of version 7 (RFC 9562, section 5.7) of a time and 72 random bits. */
export function newCallId(time: number, world: Pick<ClientWorld, "random">): string {
  const toHex = (value: number): string => Math.floor(value).toString(16);
  const hex = toHex(Math.max(0, time)).padStart(12, "0");
  return hex.replace(/.{4}$/, "-$&-7xxx-8xxx-xxxxxxxxxxxx").replaceAll("x", () => toHex(world.random() * 16));
}
