import type { ErrorCode } from "../protocol/codes.ts";
import type { ClientFrame, SnapshotReason } from "../protocol/frame.ts";
import type { Position } from "../protocol/position.ts";

/** What an application gave: a value that has been read from JSON, or bytes. */
export interface Content {
  readonly value?: unknown;
  readonly bytes?: Uint8Array | undefined;
}

export interface ReceivedEntryFrame extends Content {
  readonly kind: "entry";
  readonly room: number;
  readonly count: number;
  readonly check: number;
  readonly epoch?: string | undefined;
  readonly at: number;
  readonly callId?: string | undefined;
  readonly version: number;
}

export interface ReceivedPerson extends Content {
  readonly userId: string;
  readonly name: string;
}

export interface ReceivedSnapshotFrame extends Content {
  readonly kind: "snapshot";
  readonly room: number;
  readonly position: Position;
  readonly why: SnapshotReason;
  readonly version: number;
  readonly part: number;
  readonly parts: number;
  readonly inflatedBytes?: number | undefined;
}

/** A frame of a server as a client reads it: `ServerFrame` with values in place of their JSON, and one name for one letter of the JSON form. */
export type ReceivedFrame =
  | {
      readonly kind: "welcome";
      readonly now: number;
      readonly userId: string;
      readonly name: string;
      readonly expiresInMs?: number | undefined;
      readonly messageBytes: number;
      readonly messageFrames: number;
    }
  | { readonly kind: "pong"; readonly sentAt: number; readonly now: number }
  | { readonly kind: "renewed"; readonly id: number; readonly expiresInMs?: number | undefined }
  /** `position`: the head. */
  | { readonly kind: "joined"; readonly id: number; readonly room: number; readonly position: Position; readonly why?: SnapshotReason | undefined }
  | ReceivedSnapshotFrame
  | ReceivedEntryFrame
  | { readonly kind: "accepted"; readonly id: number; readonly position: Position; readonly value?: unknown }
  | { readonly kind: "refused"; readonly id: number; readonly code: string; readonly value?: unknown }
  | { readonly kind: "answered"; readonly id: number; readonly value?: unknown }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly path?: string | undefined;
      readonly retryAfterMs?: number | undefined;
    }
  | { readonly kind: "history"; readonly id: number; readonly list: readonly ReceivedEntryFrame[]; readonly isEnd?: boolean | number }
  | ({ readonly kind: "signal"; readonly room: number; readonly name: string; readonly userId: string } & Content)
  /** `list`: everybody, unless they are only counted. */
  | { readonly kind: "people"; readonly room: number; readonly list?: readonly ReceivedPerson[] | undefined; readonly count: number; readonly drop?: undefined }
  /** `list`: who came or changed. */
  | { readonly kind: "presence"; readonly room: number; readonly list: readonly ReceivedPerson[]; readonly drop: readonly string[]; readonly count?: undefined }
  | { readonly kind: "left"; readonly room: number; readonly code: ErrorCode }
  | { readonly kind: "ignored"; readonly room?: number | undefined; readonly code: ErrorCode; readonly retryAfterMs?: number | undefined }
  | { readonly kind: "drain"; readonly afterMs: number; readonly windowMs: number };

/** A frame of a kind, or of one of several. */
export type FrameOf<Kind extends ReceivedFrame["kind"]> = Extract<ReceivedFrame, { readonly kind: Kind }>;
/** A frame that answers a request. */
export type ReplyFrame = Extract<ReceivedFrame, { readonly id: number }>;
/** A frame about one room, that nobody has asked for. */
export type RoomFrame = Extract<ReceivedFrame, { readonly kind: "snapshot" | "entry" | "signal" | "people" | "presence" | "left" | "ignored" }>;

/** How frames travel on one kind of connection. */
export interface Wire {
  readonly subprotocol: string;
  /** @throws TypeError for what has no JSON form. */
  encode(frame: ClientFrame): string | Uint8Array;
  /** Several encoded frames as one message. */
  join(frames: readonly (string | Uint8Array)[]): string | Uint8Array;
  /** Frames of kinds that are not known are left out. @throws for what is no message */
  decode(message: string | Uint8Array): readonly ReceivedFrame[];
}
