import type { PublicEntry } from "../log/log.ts";
import type { SnapshotReason } from "../protocol/frame.ts";
import type { BlockCache, ToFrame } from "./block-cache.ts";
import type { RoomLimits } from "./limits.ts";
import type { Member } from "./member.ts";
import type { RoomParts } from "./parts.ts";
import type { RoomFigures } from "./room-figures.ts";

/** What delivery asks for when memory does not have it. Each ends in another call of delivery. */
export interface DeliveryNeeds {
  /** What the log has after the delivered head is not here, or is of another past. */
  look(): void;
  /** A hole: its message may be on the way. */
  waitForHole(): void;
  /** The block with what follows the member's position. */
  readBlock(member: Member): void;
  snapshot(member: Member, why: SnapshotReason): void;
  /** What was made of the past is worth nothing. */
  forget(): void;
  /** New entries, once each and in order, for who listens on the server. */
  onDelivered(entries: readonly PublicEntry[]): void;
}

/** What delivery is made of. */
export interface DeliveryServices {
  readonly limits: RoomLimits;
  readonly parts: RoomParts;
  readonly cache: BlockCache;
  readonly toFrame: ToFrame;
  /** A member that is further behind gets a snapshot. */
  readonly resumeEntries: number;
  readonly figures?: RoomFigures | undefined;
}
