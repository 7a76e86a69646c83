import type { ErrorCode } from "../protocol/codes.ts";
import { isRetryable } from "../protocol/codes.ts";
import type { ClientFrame } from "../protocol/frame.ts";
import type { Cancel } from "../world/clock.ts";
import type { Hub } from "./hub.ts";
import type { ReplyFrame, RoomFrame } from "./received-frame.ts";
import type { Session } from "./session.ts";

/** What is answered to a join. */
export type JoinedFrame = Extract<ReplyFrame, { readonly kind: "joined" }>;

/** What a link needs of its room. */
export interface LinkRoom {
  /** What a join says, which is sent now. */
  toJoin(): Omit<Extract<ClientFrame, { readonly kind: "join" }>, "kind" | "id">;
  onJoined(frame: JoinedFrame, session: Session): void;
  onFrame(frame: RoomFrame): void;
  /** It is out of the room, or was not let in. `isFinal`: it is not tried again. */
  onOut(code?: ErrorCode, isFinal?: boolean): void;
}

/** After so many failures to join another process is worth a try: it may run another version. */
const failuresHere = 3;

/** A room's way in, over all connections: it joins, and joins again, as long as it is wanted. */
export class RoomLink {
  /** The connection, while there is one. */
  session: Session | undefined;
  /** The room's number on it, while the client is in the room. */
  number: number | undefined;
  readonly #hub: Hub;
  readonly #room: LinkRoom;
  #joinId: number | undefined;
  #isWanted = false;
  #failures = 0;
  /** How often it went astray, one time soon after the other; from `#calmAt` on they count anew. */
  #strays = 0;
  #calmAt = 0;
  #cancelRetry: Cancel | undefined;

  constructor(hub: Hub, room: LinkRoom) {
    this.#hub = hub;
    this.#room = room;
  }

  /** Sends what is about the room, if the client is in it. @throws as a session does */
  send(toFrame: (room: number) => ClientFrame): boolean {
    if (this.number !== undefined) this.session?.send(toFrame(this.number));
    return this.number !== undefined;
  }

  want(): void {
    this.#isWanted = true;
    this.#join();
  }

  unwant(): void {
    this.#isWanted = false;
    this.#cancelRetry?.();
    this.send((room) => ({ kind: "leave", room }));
    this.#out();
  }

  /** There is a connection, or none any more. */
  begin(session: Session | undefined): void {
    this.session = session;
    this.#joinId = undefined;
    this.#failures = 0;
    this.#cancelRetry?.();
    this.#out();
    this.#join();
  }

  /** Joins anew over the same connection, at once unless it has just done so: what comes until its reply is of the past. */
  again(): void {
    this.#out();
    this.#joinId = undefined;
    const { world, limits } = this.#hub;
    const now = world.clock.monotonic();
    this.#strays = now < this.#calmAt ? this.#strays + 1 : 0;
    const waitMs = this.#strays === 0 ? 0 : this.#hub.backoffMs(this.#strays);
    this.#calmAt = now + waitMs + limits.steadyMs;
    this.#joinAfter(waitMs);
  }

  /** Joins anew, whatever was before. */
  restart(): void {
    this.#isWanted = true;
    this.again();
  }

  /** It stands at the head: a later failure is a new one. */
  settled(): void {
    this.#failures = 0;
  }

  /** It is out of the room because of a failure. */
  fail(code: ErrorCode, retryAfterMs = 0): void {
    const isFinal = !isRetryable(code) && code !== "INTERNAL";
    this.#isWanted &&= !isFinal;
    this.#out(code, isFinal);
    if (isFinal) return;
    this.#failures++;
    if (code === "UNAVAILABLE" && this.#failures > failuresHere && this.#hub.goElsewhere()) return;
    // A server that is too busy names each its own moment.
    this.#joinAfter(code === "TOO_MANY" ? retryAfterMs : retryAfterMs + this.#hub.backoffMs(this.#failures));
  }

  #joinAfter(waitMs: number): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#hub.world.clock.after(waitMs, () => this.#join());
  }

  #join(): void {
    const { session } = this;
    if (session === undefined || !this.#isWanted || this.number !== undefined || this.#joinId !== undefined) return;
    this.#cancelRetry?.();
    const id = session.newId((frame) => {
      session.forget(id);
      // A later join has taken its place, or the connection has ended.
      if (this.#joinId === id) this.#take(session, frame);
    });
    this.#joinId = id;
    // One that is not answered, as where a look-up hangs, is asked for again.
    this.#cancelRetry = this.#hub.world.clock.after(this.#hub.limits.connectMs, () => this.again());
    session.send({ kind: "join", id, ...this.#room.toJoin() });
  }

  #take(session: Session, frame: ReplyFrame): void {
    this.#joinId = undefined;
    this.#cancelRetry?.();
    if (frame.kind === "joined") {
      // Nobody wants to be here any more.
      if (!this.#isWanted) return session.send({ kind: "leave", room: frame.room });
      this.number = frame.room;
      session.bind(frame.room, (next) => (next.kind === "left" ? this.fail(next.code) : this.#room.onFrame(next)));
      this.#room.onJoined(frame, session);
    } else if (frame.kind === "failed" && this.#isWanted) this.fail(frame.code, frame.retryAfterMs);
  }

  #out(code?: ErrorCode, isFinal?: boolean): void {
    if (this.number !== undefined) this.session?.release(this.number);
    this.number = undefined;
    this.#room.onOut(code, isFinal);
  }
}
