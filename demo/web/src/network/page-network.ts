import { pageClock } from "./page-clock.ts";
import { BreakableNetwork } from "./breakable-network.ts";

/** All lines of this page go over it. */
export const network = new BreakableNetwork(pageClock, carriesEntry);

/** Whether an entry of a room is in a message: a frame of kind "e", as the protocol writes it in JSON. */
export function carriesEntry(message: string | Uint8Array): boolean {
  return typeof message === "string" && /^\{"t":"e"/m.test(message);
}
