import type { RoomUser } from "../contract/serve-options.ts";
import type { CloseName } from "../protocol/codes.ts";
import type { Encoding } from "../protocol/frame.ts";

/** A connection, as rooms see it. */
export interface Line {
  /** A name that no other connection has, on any process. */
  readonly id: string;
  readonly user: RoomUser;
  readonly encoding: Encoding;
  /** It can inflate: snapshots may come deflated. */
  readonly inflates?: boolean;
  /** Bytes that it has been given and its socket has not taken. */
  readonly unsentBytes: number;
  /** Takes one message that `encoding.join` made. Never throws, never waits; after the end it does nothing. */
  send(message: Uint8Array): void;
  close(name: CloseName, reason: string): void;
}
