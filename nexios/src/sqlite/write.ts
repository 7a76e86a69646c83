import type { Checkpoint, LogLimits, Millis, Offset, Outcome, StoredEntry, Trim } from "../log/log.ts";
import type { RoomRow } from "./room-row.ts";

/** A sealed batch of one room: all of it is written, or nothing. */
export interface BatchWrite {
  readonly kind: "batch";
  /** As it is to stand after the batch, but for what is erased and forgotten. */
  readonly row: RoomRow;
  /** Whether the room has no row yet. */
  readonly isNew: boolean;
  readonly entries: readonly StoredEntry[];
  readonly outcomes: readonly Outcome[];
  readonly erase: readonly Offset[];
}

/** A checkpoint, and what it lets go. */
export interface CheckpointWrite {
  readonly kind: "checkpoint";
  readonly room: string;
  readonly checkpoint: Checkpoint;
  readonly trim: Trim;
}

/** One pack, of so many entries up to an offset. */
export interface PackWrite {
  readonly kind: "pack";
  readonly room: string;
  readonly through: Offset;
  readonly entries: number;
}

export type Write = BatchWrite | CheckpointWrite | PackWrite;

/** `conflict`: the room was not as it was read, a kept checkpoint is not older, or there are too few entries to pack; nothing was written. */
export type Written =
  /** Since when the room knows calls now: later than the batch says if outcomes were forgotten past the limits. */
  | { readonly kind: "written"; readonly callsSince: Millis }
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
  readonly limits: LogLimits;
}
