import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Hub } from "./hub.ts";
import { toSendable } from "./sendable.ts";
import { createTimer } from "./timer.ts";

/** What a client shows of itself in a room: sent no more often than it may be, the newest for certain. */
export interface RoomPresence {
  /** What a join says of it. */
  readonly join: () => unknown;
  /** The client is in the room: what has changed since its join goes behind it. */
  readonly joined: () => void;
  /** Something was not taken that has no reply: if it may have been this, a later join without it is better than none. */
  readonly refused: (code: ErrorCode) => void;
  /** @throws TypeError for what has no JSON form, NexiosError LIMIT for what no server takes */
  readonly show: (state: unknown) => void;
}

/** `send` tells whether it was sent: nobody is told outside the room. @throws as `show` does */
export function createRoomPresence(first: unknown, { world, limits }: Hub, send: (state: unknown) => boolean): RoomPresence {
  const pause = createTimer(world.clock);
  let shown = checked(first);
  let sent: unknown;

  function show(state: unknown): void {
    shown = checked(state);
    if (pause.isSet || !send(shown)) return;
    sent = shown;
    pause.set(limits.presenceMs, catchUp);
  }

  function catchUp(): void {
    if (sent !== shown) show(shown);
  }

  return {
    join: () => (sent = shown),
    joined: catchUp,
    refused(code) {
      if (code === "LIMIT" || code === "INVALID_MESSAGE") shown = sent = undefined;
    },
    show,
  };
}

/** A join whose presence can't be sent would come to nothing each time. */
function checked(state: unknown): unknown {
  // With it, a join fits into the first message of a connection, whatever the writing.
  const mostLength = 4_096;
  const [shown, length] = toSendable(state);
  if (length > mostLength) throw new NexiosError("LIMIT", `More than ${mostLength} characters`);
  return shown;
}
