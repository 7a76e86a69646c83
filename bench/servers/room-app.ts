import { inspect } from "node:util";

import { NexiosApp, type RoomLimitsOptions } from "nexios";

import { SECRET } from "../tokens.ts";
import { liftedLimits } from "./lifted-limits.ts";
import { tallies } from "./tallies.ts";

const unlimited = { perSecond: Infinity, burst: Infinity };

/** All members join at once, and the writer is no person: only that is lifted, and each bench prints it. */
export const liftedRoomLimits: RoomLimitsOptions = {
  joinRate: unlimited,
  processJoinRate: unlimited,
  callRate: unlimited,
  queue: { callsPerMember: Infinity },
};

/** An app with the benches' rooms; the bench names the folder of its database in `NEXIOS_DATA`. */
export function createRoomApp(roomLimits: RoomLimitsOptions = liftedRoomLimits): { readonly app: NexiosApp; readonly lifted: string } {
  const limits = { ...liftedLimits, connections: Infinity };
  const app = new NexiosApp({ auth: { jwt: { secret: SECRET } }, limits, rooms: { limits: roomLimits } }).add(...tallies);
  return { app, lifted: inspect({ ...limits, rooms: roomLimits }, { breakLength: Infinity }) };
}
