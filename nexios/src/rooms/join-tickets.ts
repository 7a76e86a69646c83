import type { ErrorCode } from "../protocol/codes.ts";
import type { RoomLimits } from "./limits.ts";
import { Pace } from "./pace.ts";

/** Not now: why, and when to come again. */
export interface ComeAgain {
  readonly code: ErrorCode;
  readonly retryAfterMs: number;
}

/** Clocks do not run alike: who comes so little before its slot is let in. */
const graceMs = 20;
const leastMs = 1_000;
const longestMs = 60_000;

/**
 * When one connection may join its rooms. Past the rate, its own or the process's, each join gets a slot of its own: who comes back for that room at its time is let in
 * without taking another, so that any number who come at once are let in evenly.
 */
export class JoinTickets {
  readonly #own: Pace;
  readonly #process: Pace;
  readonly #limits: Pick<RoomLimits, "joinAheadMs" | "roomsPerConnection">;
  /** By the room's name, when it may be joined; made for the first that must wait. */
  #slots: Map<string, number> | undefined;

  constructor(process: Pace, limits: Pick<RoomLimits, "joinAheadMs" | "roomsPerConnection" | "joinRate">) {
    this.#own = new Pace(limits.joinRate);
    this.#process = process;
    this.#limits = limits;
  }

  /** `undefined`: it may join now. `now` is monotonic. */
  admit(room: string, now: number): ComeAgain | undefined {
    const slot = this.#slots?.get(room);
    if (slot !== undefined && slot - now > graceMs) return tooMany(slot - now);
    if (slot !== undefined) {
      this.#slots?.delete(room);
      return undefined;
    }
    const { joinAheadMs, roomsPerConnection } = this.#limits;
    this.#forget(now);
    // One connection reserves no more than it can use.
    const taken = this.#slots?.values().toArray() ?? [];
    if (taken.length >= roomsPerConnection) return tooMany(Math.max(leastMs, ...taken.map((at) => at - now)));
    const ownMs = this.#own.reserve(now, joinAheadMs);
    const processMs = ownMs === undefined ? undefined : this.#process.reserve(now, joinAheadMs);
    if (ownMs === undefined || processMs === undefined) return { code: "OVERLOADED", retryAfterMs: Math.ceil(Math.min(joinAheadMs, longestMs)) };
    const waitMs = Math.max(ownMs, processMs);
    if (waitMs === 0) return undefined;
    (this.#slots ??= new Map()).set(room, now + waitMs);
    return tooMany(waitMs);
  }

  /** Those that nobody has come for. */
  #forget(now: number): void {
    for (const [room, slot] of this.#slots ?? []) if (now - slot > this.#limits.joinAheadMs) this.#slots?.delete(room);
  }
}

function tooMany(waitMs: number): ComeAgain {
  return { code: "TOO_MANY", retryAfterMs: Math.ceil(waitMs) };
}
