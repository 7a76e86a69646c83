import type { RoomFacts } from "../contract/room-contract.ts";
import { NexiosError } from "../protocol/failure.ts";
import type { ClientRoom } from "./client-room.ts";
import type { FrameOf } from "./received-frame.ts";
import type { RoomCore } from "./room-core.ts";
import type { HistoryPage } from "./room-types.ts";
import { failed } from "./settled.ts";
import { within } from "./within.ts";

/**
 * A page of a room's past: entries before a count, newest first; 100 unless given, 256 at most. It comes over the connection by which it was asked for, or not at all.
 * @throws NexiosError UNAVAILABLE while the client is not in the room, FORBIDDEN, OVERLOADED; TypeError for what is no count
 */
export async function readHistory<C extends RoomFacts>(
  room: Pick<ClientRoom<C>, "contract" | "onChange">,
  before: number,
  limit = 100,
): Promise<HistoryPage<C>> {
  if (![before, limit - 1].every((count) => count >= 0 && Number.isSafeInteger(count))) throw new TypeError(`No page of ${limit} before ${before}`);
  // The same object, without its types.
  const core = room as unknown as RoomCore;
  const { hub, place } = core;
  const { promise, resolve } = Promise.withResolvers<FrameOf<"history" | "failed"> | undefined>();
  if (place) place.session.ask<"history">({ kind: "history", room: place.room, before, limit }, resolve);
  else resolve(undefined);
  const stop = room.onChange(() => {
    if (core.place !== place) resolve(undefined);
  });
  const frame = await within(hub.world.clock, hub.limits.deadlineMs, () => promise);
  stop();
  if (frame?.kind !== "history") {
    const { code, message } = frame ?? failed("UNAVAILABLE");
    throw new NexiosError(code, message);
  }
  return { entries: frame.list.map(core.read) as HistoryPage<C>["entries"], isEnd: Boolean(frame.isEnd) };
}
