import { NexiosError } from "../protocol/failure.ts";
import type { Hub } from "./hub.ts";
import type { ReplyFrame } from "./received-frame.ts";
import type { RoomLink } from "./room-link.ts";
import { failed } from "./settled.ts";

/** Pages of a room's past: each comes over the connection by which it was asked for, or not at all. */
export class RoomHistory {
  readonly #hub: Hub;
  readonly #link: RoomLink;
  /** What ends the wait for pages. */
  readonly #waits = new Set<() => void>();

  constructor(hub: Hub, link: RoomLink) {
    this.#hub = hub;
    this.#link = link;
  }

  /** @throws NexiosError UNAVAILABLE outside of the room, and what the server says */
  async page(before: number, limit: number): Promise<ReplyFrame & { readonly kind: "history" }> {
    if (!Number.isSafeInteger(before) || before < 0 || !(Number.isSafeInteger(limit) && limit > 0)) {
      throw new TypeError(`A page is of at least one entry, before a count`);
    }
    const { session, number: room } = this.#link;
    const { resolve, promise } = Promise.withResolvers<ReplyFrame | undefined>();
    const end = (): void => resolve(undefined);
    if (session === undefined || room === undefined) end();
    const id = session?.newId(resolve) ?? 0;
    if (room !== undefined) session?.send({ kind: "history", id, room, before, limit });
    this.#waits.add(end);
    const cancel = this.#hub.world.clock.after(this.#hub.limits.deadlineMs, end);
    const frame = await promise;
    cancel();
    this.#waits.delete(end);
    session?.forget(id);
    if (frame?.kind === "history") return frame;
    const { code, message } = frame?.kind === "failed" ? frame : failed("UNAVAILABLE");
    throw new NexiosError(code, message);
  }

  /** The client is not in the room any more. */
  end(): void {
    for (const end of this.#waits) end();
  }
}
