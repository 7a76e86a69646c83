import type { ErrorCode } from "../protocol/codes.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { Cancel } from "../world/clock.ts";
import type { Hub } from "./hub.ts";
import { toSendableJson } from "./sendable.ts";

/** With it, a join fits into the first message of a connection, whatever the writing. */
const mostLength = 4_096;

/** What a client shows of itself in a room: sent no more often than it may be, the newest for certain. */
export class RoomPresence {
  readonly #hub: Hub;
  readonly #send: (state: unknown) => boolean;
  #state: unknown;
  #sent: unknown;
  #cancel: Cancel | undefined;

  /** `send` tells whether it was sent: nobody is told outside the room. */
  constructor(state: unknown, hub: Hub, send: (state: unknown) => boolean) {
    this.#state = checked(state);
    this.#hub = hub;
    this.#send = send;
  }

  /** What a join says of it. */
  toJoin(): unknown {
    return (this.#sent = this.#state);
  }

  /** The client is in the room: what has changed since its join goes behind it. */
  joined(): void {
    if (this.#sent !== this.#state) this.show(this.#state);
  }

  /** Something was not taken that has no reply: if it may have been this, a later join without it is better than none. */
  refused(code: ErrorCode): void {
    if (code !== "LIMIT" && code !== "INVALID_MESSAGE") return;
    this.#state = undefined;
    this.#sent = undefined;
  }

  /** @throws TypeError for what has no JSON form, NexiosError LIMIT for what no server takes */
  show(state: unknown): void {
    this.#state = checked(state);
    if (this.#cancel !== undefined || !this.#send(state)) return;
    this.#sent = state;
    this.#cancel = this.#hub.world.clock.after(this.#hub.limits.presenceMs, () => {
      this.#cancel = undefined;
      if (this.#sent !== this.#state) this.show(this.#state);
    });
  }
}

/** A join whose presence can't be sent would come to nothing each time. */
function checked(state: unknown): unknown {
  if ((toSendableJson(state) ?? "").length > mostLength) throw new NexiosError("LIMIT", `A presence is at most ${mostLength} characters`);
  return state;
}
