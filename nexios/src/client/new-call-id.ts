import type { ClientWorld } from "./client-world.ts";

/** A call's id: a UUID of version 7 (RFC 9562, section 5.7) of a time and 72 random bits. */
export function newCallId(time: number, world: Pick<ClientWorld, "random">): string {
  const hex = Math.max(0, Math.floor(time)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7xxx-8xxx-xxxxxxxxxxxx`.replaceAll("x", () => Math.floor(world.random() * 16).toString(16));
}
