import type { ClientRoom } from "nexios/client";
import type { InboxRoom } from "./contract.ts";

/** Says of what comes that this device has it, as long as the room is live; until the function that it gives is called. What one device has is not pushed to the others. */
export function keepReceived(room: ClientRoom<InboxRoom>): () => void {
  let told = 0;
  const look = (): void => {
    const state = room.confirmedState;
    if (room.status.kind !== "live" || state === undefined || state.top <= told) return;
    const isNews = state.items.some(({ position, isReceived }) => position > told && !isReceived);
    const before = told;
    told = state.top;
    if (!isNews) return;
    room.call("received", { upTo: state.top }).catch(() => {
      // It is told with the next change; until then the worst is a push too many.
      if (told === state.top) told = before;
    });
  };
  const end = room.onChange(look);
  look();
  return end;
}
