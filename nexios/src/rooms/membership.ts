import type { CallOrder } from "./call-order.ts";
import type { Member } from "./member.ts";
import type { RoomHost } from "./room-host.ts";

/** A room that the connection is in. */
export interface Membership {
  readonly host: RoomHost;
  readonly member: Member;
  readonly order: CallOrder;
}

/** The rooms that one connection is in, by their numbers. */
export class Memberships {
  readonly #rooms = new Map<number, Membership>();

  get size(): number {
    return this.#rooms.size;
  }

  [Symbol.iterator](): Iterator<Membership> {
    return this.#rooms.values();
  }

  /** A room that has closed its members has forgotten this one. */
  find(room: number): Membership | undefined {
    const membership = this.#rooms.get(room);
    if (membership?.member.isGone !== true) return membership;
    this.#rooms.delete(room);
    return undefined;
  }

  hasNamed(name: string): boolean {
    for (const { host } of this.#rooms.values()) if (host.facts.name === name) return true;
    return false;
  }

  put(membership: Membership): void {
    this.#rooms.set(membership.host.facts.number, membership);
  }

  /** Gives it up, whether the room has forgotten it or not. */
  take(room: number): Membership | undefined {
    const membership = this.#rooms.get(room);
    this.#rooms.delete(room);
    return membership;
  }

  numbers(): readonly number[] {
    return [...this.#rooms.keys()];
  }
}
