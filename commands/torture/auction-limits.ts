import type { Limits, RoomLimitsOptions } from "nexios";

const unlimited = { perSecond: Infinity, burst: Infinity };

/** All bidders come from one address, and at once; that the machine is busy is what is asked of it. A run says what is lifted. */
export const liftedLimits: Partial<Limits> = { connectionsPerAddress: Infinity, connectsPerAddress: unlimited, loopDelayMs: Infinity };

/** All that happened must be there in the end. */
export const liftedRoomLimits: RoomLimitsOptions = { joinRate: unlimited, processJoinRate: unlimited, history: { keepEntries: 100_000_000 } };
