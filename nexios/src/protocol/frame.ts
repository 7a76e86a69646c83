import type { ErrorCode } from "./codes.ts";
import type { Position } from "./position.ts";

/** Bytes of an application: JSON stands in a JSON frame as it is, other bytes do not. */
export interface Payload {
  readonly format: "json" | "bytes";
  readonly bytes: Uint8Array;
}

/** What a client sends. An `id` is a number that runs with the connection, is due a reply, and is the same when a call is sent again on that connection. */
export type ClientFrame =
  /** The first frame of a connection: who it is, by a token, unless the upgrade has shown that. */
  | {
      readonly kind: "hello";
      readonly token: string | undefined;
      /** The program and its version, for the operator. */
      readonly client: string | undefined;
      /** It can inflate: snapshots may come deflated. */
      readonly inflates: boolean;
    }
  /** A newer token of the same user, in place of the one that runs out. */
  | { readonly kind: "renew"; readonly id: number; readonly token: string }
  /** Answered before anything else, with both clocks. `sentAt`: milliseconds of any clock of the client's own. */
  | { readonly kind: "ping"; readonly sentAt: number }
  | {
      readonly kind: "join";
      readonly id: number;
      /** The room's name, such as `auction/42`. */
      readonly room: string;
      /** The version of the contract that the client knows. */
      readonly version: number;
      /** Where it stands already. */
      readonly since: Position | undefined;
      /** Its first presence; `undefined`: it is not shown. */
      readonly presence: unknown;
    }
  | { readonly kind: "leave"; readonly room: number }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly room: number;
      readonly name: string;
      readonly input: unknown;
      readonly callId: string;
      /** It was sent before, and not answered. */
      readonly isRepeat: boolean;
    }
  | { readonly kind: "ask"; readonly id: number; readonly room: number; readonly name: string; readonly input: unknown }
  /** Nobody waits for that request any more: what has not been decided is not. */
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "signal"; readonly room: number; readonly name: string; readonly payload: unknown }
  /** Its newest presence; `undefined`: it is no longer shown. */
  | { readonly kind: "presence"; readonly room: number; readonly state: unknown }
  /** Entries before a count, newest first. */
  | { readonly kind: "history"; readonly id: number; readonly room: number; readonly before: number; readonly limit: number };

/** A frame as a server reads it. `unknown`: of a kind that this program does not know; with an `id` it is due a failure, and nothing else of it is read. */
export type ReceivedClientFrame = ClientFrame | { readonly kind: "unknown"; readonly id: number | undefined };

/** What concerns the connection itself, and no room. */
type SessionClientFrame = Extract<ClientFrame, { readonly kind: "hello" | "renew" | "ping" }>;
/** What concerns rooms, as a server reads it. */
export type RoomClientFrame = Exclude<ReceivedClientFrame, SessionClientFrame>;

/** Why a member gets a snapshot: it has no position, what it missed is gone or has lost its content, its position is of another past, or it is too far behind to be given entries. */
export type SnapshotReason = "new" | "gap" | "epoch" | "far";

/** One entry as members get it. Nothing in it is of one member alone. */
export interface EntryFrame {
  readonly kind: "entry";
  readonly room: number;
  readonly count: number;
  readonly check: number;
  /** With the first entry of a log alone: who joined before there was a log learns its epoch. */
  readonly epoch: string | undefined;
  /** When its call arrived, in the store's time; milliseconds since 1970. */
  readonly at: number;
  readonly callId: string | undefined;
  /** The version of the contract that wrote it. */
  readonly version: number;
  readonly payload: Payload;
}

/** A person who is in a room, over all connections and processes. */
export interface PersonFrame {
  readonly userId: string;
  readonly name: string;
  /** JSON, as the contract types it. */
  readonly state: Uint8Array;
}

/** What a server sends. */
export type ServerFrame =
  /** The reply to a hello: who the client is, and what the connection takes. */
  | {
      readonly kind: "welcome";
      /** The store's time; milliseconds since 1970. */
      readonly now: number;
      readonly userId: string;
      readonly name: string;
      /** How long the token is still good; `undefined`: it does not run out. */
      readonly expiresInMs: number | undefined;
      /** The largest message that is taken, and the most frames in one. */
      readonly messageBytes: number;
      readonly messageFrames: number;
    }
  | { readonly kind: "renewed"; readonly id: number; readonly expiresInMs: number | undefined }
  /** `now`: the store's time when the ping was read. */
  | { readonly kind: "pong"; readonly sentAt: number; readonly now: number }
  /** The reply to a join. What was missed follows as entries; where `snapshot` names a reason, a snapshot comes first. `room` stands for the room's name from now on. */
  | { readonly kind: "joined"; readonly id: number; readonly room: number; readonly head: Position; readonly snapshot: SnapshotReason | undefined }
  /** One part of `parts`; the state is the parts' payloads, joined. */
  | {
      readonly kind: "snapshot";
      readonly room: number;
      readonly position: Position;
      readonly why: SnapshotReason;
      readonly version: number;
      readonly part: number;
      readonly parts: number;
      /** The state's size, where the parts together are deflated (RFC 1951); they are then bytes, whatever the state is. */
      readonly inflatedBytes: number | undefined;
      readonly payload: Payload;
    }
  | EntryFrame
  | { readonly kind: "accepted"; readonly id: number; readonly position: Position; readonly result: Uint8Array | undefined }
  | { readonly kind: "refused"; readonly id: number; readonly position: Position | undefined; readonly code: string; readonly data: Uint8Array | undefined }
  | { readonly kind: "answered"; readonly id: number; readonly value: Uint8Array }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly path: string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  /** Newest first. `isEnd`: before the last of them nothing is kept, or may be seen. */
  | { readonly kind: "history"; readonly id: number; readonly room: number; readonly entries: readonly EntryFrame[]; readonly isEnd: boolean }
  | { readonly kind: "signal"; readonly room: number; readonly name: string; readonly userId: string; readonly payload: Uint8Array }
  /** Everybody who is here; or, above a stated size, only how many. */
  | { readonly kind: "people"; readonly room: number; readonly people: readonly PersonFrame[] | undefined; readonly count: number }
  /** What has changed of who is here. */
  | { readonly kind: "presence"; readonly room: number; readonly put: readonly PersonFrame[]; readonly drop: readonly string[] }
  /** The member is out of the room: do not come back before a change where the code says so. */
  | { readonly kind: "left"; readonly room: number; readonly code: ErrorCode }
  /** A frame without an `id` was not taken; without a room, a whole message. */
  | {
      readonly kind: "ignored";
      readonly room: number | undefined;
      readonly code: ErrorCode;
      readonly message: string;
      readonly path: string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  /** Come back by another process, at a random moment of `windowMs` after `afterMs`; `room`: that room alone. */
  | { readonly kind: "drain"; readonly room: number | undefined; readonly afterMs: number; readonly windowMs: number };

/** How frames become bytes on one kind of connection. An object of this type is shared by all connections that use it: what it encodes is cached by it. */
export interface Encoding {
  readonly name: string;
  encode(frame: ServerFrame): Uint8Array;
  /** Several frames in one message. */
  join(frames: readonly Uint8Array[]): Uint8Array;
}
