import type { Changed, Checkpoint, LogLimits, Millis, NewEntry, Offset, Outcome, StoredEntry, Trim } from "../log/log.ts";
import type { Reading, ReadingStep } from "../log/reading.ts";
import type { Reader } from "../log/readings.ts";
import type { SqlResult, SqlValue } from "../log/store.ts";
import type { ErrorCode } from "../protocol/codes.ts";
import type { RoomRow } from "../log/rows/room-row.ts";
import type { Run } from "./run.ts";

/** A sealed batch of one room: all of it is written, or nothing. */
export interface BatchWrite {
  readonly kind: "batch";
  /** As it is to stand after the batch, but for what is erased and forgotten. */
  readonly row: RoomRow;
  /** Whether the room has no row yet. */
  readonly isNew: boolean;
  readonly entries: readonly StoredEntry[];
  /** In place of entries. */
  readonly run: Run | undefined;
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

/** One step of a reading. */
export interface ReadingWrite {
  readonly kind: "reading";
  readonly subscription: string;
  readonly log: string;
  readonly step: ReadingStep;
}

/** A subscription, if it is not known. */
export interface RegisterWrite {
  readonly kind: "register";
  readonly reader: Reader;
  readonly now: Millis;
}

/** Dead letters that go: one, or those of a subscription from before a time. */
export type LettersWrite =
  | { readonly kind: "letter"; readonly id: number }
  | { readonly kind: "letters"; readonly subscription: string; readonly before: Millis };

export type Write = BatchWrite | CheckpointWrite | PackWrite | ReadingWrite | RegisterWrite | LettersWrite;

/** `conflict`: the room was not as it was read, a kept checkpoint is not older, or there are too few entries to pack; nothing was written. */
export type Written =
  /** Since when the room knows calls now: later than the batch says if outcomes were forgotten past the limits. */
  | {
      readonly kind: "written";
      readonly callsSince: Millis;
      /** Of a batch: what the room's row has now that the batch does not say. */
      readonly row?: Pick<RoomRow, "id" | "bytes" | "outcomes" | "check">;
    }
  | { readonly kind: "stepped"; readonly reading: Reading }
  | { readonly kind: "conflict" }
  | { readonly kind: "failed"; readonly code: "UNAVAILABLE" | "DAMAGED"; readonly message: string };

/** To the writer: one write with its number. */
export interface WriteRequest {
  readonly id: number;
  readonly write: Write;
}

/** From the writer, after their commit. */
export type WriteReplies = readonly { readonly id: number; readonly written: Written }[];

/** What a transaction appends to a log. */
export interface Appends {
  readonly log: string;
  /** If there is no such log yet. */
  readonly epoch: string;
  readonly entries: readonly NewEntry[];
}

/** To the writer: what an application's transaction does next. */
export interface TransactionRequest {
  readonly transaction: number;
  readonly id: number;
  readonly order:
    | { readonly kind: "begin" }
    | { readonly kind: "query"; readonly sql: string; readonly values: readonly SqlValue[] }
    /** The store's own, of its own tables. */
    | { readonly kind: "own"; readonly sql: string; readonly values: readonly (string | number)[] }
    /** Several statements. */
    | { readonly kind: "script"; readonly sql: string }
    | { readonly kind: "commit"; readonly now: Millis; readonly appends: readonly Appends[]; readonly steps: readonly ReadingWrite[] }
    | { readonly kind: "rollback" };
}

/** From the writer, of a transaction. */
export interface TransactionReply {
  readonly transaction: number;
  readonly id: number;
  readonly came:
    | { readonly kind: "done"; readonly result?: SqlResult; readonly changed?: readonly Changed[] }
    | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string }
    /** By the database itself, with its code. */
    | { readonly kind: "refused"; readonly code: string; readonly errcode: number | undefined; readonly message: string };
}

/** What the writer is started with. */
export interface WriterOptions {
  readonly file: string;
  readonly synchronous: "full" | "normal";
  readonly limits: LogLimits;
}
