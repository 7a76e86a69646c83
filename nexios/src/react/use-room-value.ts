import type { ClientRoom } from "../client/index.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { useSubject } from "./use-subject.ts";

/**
 * Something of a room that no other hook gives, such as `(room) => room.pending.length`: renders when it changes. `undefined` without a room, and while a server renders.
 * @param read Pure; gives the same value until it changes, as the fields of a room do. To make something new of a state, take `useRoomState`.
 */
export function useRoomValue<C extends RoomFacts, Value>(room: ClientRoom<C> | undefined, read: (room: ClientRoom<C>) => Value): Value | undefined {
  return useSubject(room, read);
}
