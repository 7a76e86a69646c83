import type { Checkpoint, Head, Trim } from "./log.ts";

/** How far a trim goes: not past its checkpoint, and not back. Every log trims by this function, so that all of them let the same go. */
export function clampTrim({ offset, position }: Trim, checkpoint: Checkpoint, { firstOffset, firstPosition }: Head): Trim {
  return {
    offset: Math.max(firstOffset - 1, Math.min(offset, checkpoint.offset)),
    position: Math.max(firstPosition - 1, Math.min(position, checkpoint.position)),
  };
}
