import type { Position } from "../protocol/position.ts";

/** Whether what stands at a position is at or past another one. A log that begins anew leaves nothing to wait for. */
export function hasReached(at: Position | undefined, { epoch, count }: Position): boolean {
  return at !== undefined && (at.epoch === epoch ? at.count >= count : count === 0);
}
