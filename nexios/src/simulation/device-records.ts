import type { EntryFrame } from "../protocol/frame.ts";

/** A stretch in which a device was in a room without a break. */
export interface Session {
  readonly process: number;
  readonly fromMs: number;
  untilMs: number | undefined;
  /** The device has left of itself. */
  isLeft: boolean;
}

/** One page of a room's past, as a device got it. */
export interface Page {
  readonly before: number;
  readonly limit: number;
  readonly entries: readonly EntryFrame[];
  readonly isEnd: boolean;
}
