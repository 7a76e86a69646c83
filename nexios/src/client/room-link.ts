import { type ErrorCode, isRetryable } from "../protocol/codes.ts";
import type { ClientFrame } from "../protocol/frame.ts";
import { toBackoffMs } from "./backoff.ts";
import type { Hub } from "./hub.ts";
import type { FrameOf, RoomFrame } from "./received-frame.ts";
import type { Session, Without } from "./session.ts";
import { createTimer } from "./timer.ts";

/** A room on a connection, by its number there. */
export interface Place {
  readonly session: Session;
  readonly room: number;
}

/** What a member tells its room, without the room's number. */
type Told = Without<Extract<ClientFrame, { readonly kind: "leave" | "signal" | "presence" }>, "room">;

/** What a link needs of its room. */
export interface LinkRoom {
  /** What a join says, which is sent now. */
  join(): Omit<Extract<ClientFrame, { readonly kind: "join" }>, "kind" | "id">;
  joined(frame: FrameOf<"joined">, place: Place): void;
  take(frame: RoomFrame): void;
  /** It is out of the room, or was not let in. `isFinal`: it is not tried again. */
  left(code?: ErrorCode, isFinal?: boolean): void;
}

/** A room's way in, over all connections: it joins, and joins again, as long as it is wanted. */
export interface RoomLink {
  /** Where the client is in the room, while it is. */
  readonly place: Place | undefined;
  /** Sends what is about the room, if the client is in it. @throws as a session does */
  readonly send: (frame: Told) => boolean;
  readonly hold: () => void;
  readonly leave: () => void;
  /** There is a connection, or none any more. */
  readonly begin: (session: Session | undefined) => void;
  /** Joins anew over the same connection, at once unless it has just done so: what comes until its reply is of the past. */
  readonly again: () => void;
  /** It stands at the head: a later failure is a new one. */
  readonly settled: () => void;
  /** It is out of the room because of a failure. */
  readonly fail: (code: ErrorCode, retryAfterMs?: number) => void;
}

export function createRoomLink(hub: Hub, room: LinkRoom): RoomLink {
  const { world, limits } = hub;
  const { clock } = world;
  const retry = createTimer(clock);
  let session: Session | undefined;
  let place: Place | undefined;
  let joinId: number | undefined;
  let isWanted = false;
  let failures = 0;
  /** How often it went astray, one time soon after the other; from `calmAt` on they count anew. */
  let strays = 0;
  let calmAt = 0;

  function send(frame: Told): boolean {
    place?.session.send({ ...frame, room: place.room });
    return place !== undefined;
  }

  function join(): void {
    const at = session;
    if (!at || !isWanted || place || joinId) return;
    // One that is not answered, as where a look-up hangs, is asked for again.
    retry.set(limits.connectMs, again);
    joinId = at.ask<"joined">({ kind: "join", ...room.join() }, (frame) => {
      // Otherwise a later join has taken its place, or the connection has ended.
      if (joinId === frame.id) take(at, frame);
    });
  }

  function take(at: Session, frame: FrameOf<"joined" | "failed">): void {
    joinId = undefined;
    retry.stop();
    if (frame.kind === "failed") {
      if (isWanted) fail(frame.code, frame.retryAfterMs);
      return;
    }
    place = { session: at, room: frame.room };
    // Nobody wants to be here any more.
    if (!isWanted) return leave();
    at.rooms.set(frame.room, (next) => (next.kind === "left" ? fail(next.code) : room.take(next)));
    room.joined(frame, place);
  }

  function leave(): void {
    isWanted = false;
    retry.stop();
    send({ kind: "leave" });
    out();
  }

  function again(): void {
    out();
    joinId = undefined;
    isWanted = true;
    strays = clock.monotonic() < calmAt ? strays + 1 : 0;
    const waitMs = strays && toBackoffMs(strays, hub);
    calmAt = clock.monotonic() + waitMs + limits.steadyMs;
    retry.set(waitMs, join);
  }

  function fail(code: ErrorCode, retryAfterMs = 0): void {
    // After so many failures to join another process is worth a try: it may run another version.
    const failuresHere = 3;
    const isFinal = !isRetryable(code) && code !== "INTERNAL";
    isWanted &&= !isFinal;
    out(code, isFinal);
    if (isFinal) return;
    failures++;
    if (code === "UNAVAILABLE" && failures > failuresHere && hub.move()) return;
    // A server that is too busy names each its own moment.
    retry.set(code === "TOO_MANY" ? retryAfterMs : retryAfterMs + toBackoffMs(failures, hub), join);
  }

  function out(code?: ErrorCode, isFinal?: boolean): void {
    place?.session.rooms.delete(place.room);
    place = undefined;
    room.left(code, isFinal);
  }

  return {
    get place() {
      return place;
    },
    send,
    hold() {
      isWanted = true;
      join();
    },
    leave,
    begin(next) {
      session = next;
      joinId = undefined;
      failures = 0;
      retry.stop();
      out();
      join();
    },
    again,
    settled() {
      failures = 0;
    },
    fail,
  };
}
