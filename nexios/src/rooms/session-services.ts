import type { RoomUser } from "../contract/serve-options.ts";
import type { ReceivedClientFrame } from "../protocol/frame.ts";
import type { Clock } from "../world/clock.ts";
import type { Gateway } from "./gateway.ts";
import type { Line } from "./line.ts";
import type { SessionLine } from "./user-line.ts";

/** Who somebody has proven to be. */
export interface Proof {
  readonly user: RoomUser;
  /** Until when that holds, by the clock that the session was given; `undefined`: for ever. */
  readonly expiresAt: number | undefined;
}

/** What one session takes. */
export interface SessionLimits {
  /** How long until the hello has come. */
  readonly helloMs: number;
  /** The message with the hello, in bytes. */
  readonly helloBytes: number;
  /** What a client is told: the largest message, and the most frames in one. */
  readonly messageBytes: number;
  readonly messageFrames: number;
  /** Messages behind the hello, and their bytes, that wait while it is proven. */
  readonly waitingMessages: number;
  readonly waitingBytes: number;
}

/** What a session needs of its server. */
export interface SessionServices {
  readonly line: SessionLine;
  readonly clock: Clock;
  readonly limits: SessionLimits;
  /** The frames of a message, all of them or none. @throws NexiosError BAD_JSON, INVALID_MESSAGE, WRONG_FRAME */
  readonly decode: (message: string | Uint8Array) => readonly ReceivedClientFrame[];
  /** Who it is, by the hello's token or by what the connection has shown before. @throws NexiosError by whose status the connection is closed */
  readonly authenticate: (token: string | undefined) => Promise<Proof>;
  /** Takes a newer token of the same user; gives how long it holds. @throws NexiosError TOKEN_INVALID, TOKEN_EXPIRED, FORBIDDEN for another user's */
  readonly renew: (token: string) => Promise<Pick<Proof, "expiresAt">>;
  /** The store's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Lets the user's connection into the rooms. */
  readonly connect: (line: Line) => Gateway;
}
