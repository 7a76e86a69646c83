import { NexiosError } from "../protocol/failure.ts";
import type { Hub } from "./hub.ts";
import type { FrameOf } from "./received-frame.ts";
import type { RoomLink } from "./room-link.ts";
import { failed } from "./settled.ts";
import { within } from "./within.ts";

/** Pages of a room's past: each comes over the connection by which it was asked for, or not at all. */
export interface RoomHistory {
  /** @throws NexiosError UNAVAILABLE outside of the room, and what the server says */
  page(before: number, limit: number): Promise<FrameOf<"history">>;
  /** The client is not in the room any more. */
  end(): void;
}

export function createRoomHistory({ world, limits }: Hub, link: RoomLink): RoomHistory {
  /** What ends the wait for pages. */
  const waits = new Set<(frame: undefined) => void>();
  return {
    async page(before, limit) {
      if (![before, limit - 1].every((count) => count >= 0 && Number.isSafeInteger(count))) throw new TypeError(`No page of ${limit} before ${before}`);
      const { resolve, promise } = Promise.withResolvers<FrameOf<"history" | "failed"> | undefined>();
      const { place } = link;
      if (place) place.session.ask<"history">({ kind: "history", room: place.room, before, limit }, resolve);
      else resolve(undefined);
      waits.add(resolve);
      const frame = await within(world.clock, limits.deadlineMs, () => promise);
      waits.delete(resolve);
      if (frame?.kind === "history") return frame;
      const { code, message } = frame ?? failed("UNAVAILABLE");
      throw new NexiosError(code, message);
    },
    end() {
      for (const resolve of waits) resolve(undefined);
    },
  };
}
