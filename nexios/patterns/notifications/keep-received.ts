import type { ClientRoom } from "nexios/client";
import type { InboxRoom } from "./contract.ts";

/** By room, so that a bell and a list of one page tell it once. */
const told = new WeakMap<ClientRoom<InboxRoom>, number>();

/** Says of what comes that this device has it, as long as the room is live; until the function that it gives is called. What a device has is not pushed. */
export function keepReceived(room: ClientRoom<InboxRoom>): () => void {
  const look = (): void => {
    const state = room.confirmedState;
    if (room.status.kind !== "live" || state === undefined) return;
    const before = told.get(room) ?? 0;
    if (state.top === before || state.items.every(({ position, isReceived }) => isReceived || position <= before)) return;
    told.set(room, state.top);
    room.call("received", { upTo: state.top }).catch(() => {
      // It is told with the next change; until then the worst is a push too many.
      if (told.get(room) === state.top) told.set(room, before);
    });
  };
  const end = room.onChange(look);
  look();
  return end;
}
