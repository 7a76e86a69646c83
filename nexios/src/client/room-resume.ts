import type { SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";
import type { RoomCopy } from "./room-copy.ts";
import type { Resume } from "./room-types.ts";

/** The join of a room that was sent last, until the room stands where its log ended then. */
export interface Resuming {
  readonly from: Position | undefined;
  readonly sentAt: number;
  /** Those that came one by one. */
  entries: number;
  /** Of which reason there is a snapshot: its own frame says, since a gap may be found after the join was answered. */
  why: SnapshotReason | undefined;
  /** Where the log ended, once the join is answered. */
  head: Position | undefined;
}

/** What it has brought, once it has caught up. A log that has begun anew meanwhile has another head: then the snapshot that says so is enough. */
export function toResume(resuming: Resuming, copy: RoomCopy, now: number, bySnapshot: boolean): Resume | undefined {
  const { from, sentAt, entries, why, head } = resuming;
  const { position: to } = copy;
  if (head === undefined || to === undefined || copy.awaitsSnapshot) return undefined;
  if (!copy.hasReached(head) && !(bySnapshot && to.epoch !== head.epoch)) return undefined;
  return { from, to, why, entries, ms: now - sentAt };
}
