import type { Checkpoint, Head, Millis, Offset, Outcome, StoredEntry, Trim } from "../log/log.ts";

/** A sealed batch of one room: all of it is written, or nothing. */
export interface BatchWrite {
  readonly kind: "batch";
  readonly room: string;
  /** Where the log must end for this to be written. */
  readonly before: Offset;
  readonly head: Head;
  readonly entries: readonly StoredEntry[];
  readonly outcomes: readonly Outcome[];
  readonly erase: readonly Offset[];
  readonly now: Millis;
}

/** A checkpoint, and what it lets go. */
export interface CheckpointWrite {
  readonly kind: "checkpoint";
  readonly room: string;
  readonly checkpoint: Checkpoint;
  readonly trim: Trim;
}

export type Write = BatchWrite | CheckpointWrite;

/** `conflict`: the log did not end where it should, or a kept checkpoint is not older; nothing was written. */
export type Written =
  | { readonly kind: "written" }
  | { readonly kind: "conflict" }
  | { readonly kind: "failed"; readonly code: "UNAVAILABLE" | "DAMAGED"; readonly message: string };

/** To the writer: one write with its number. */
export interface WriteRequest {
  readonly id: number;
  readonly write: Write;
}

/** From the writer, after their commit. */
export type WriteReplies = readonly { readonly id: number; readonly written: Written }[];

/** What the writer is started with. */
export interface WriterOptions {
  readonly file: string;
  readonly synchronous: "full" | "normal";
}
