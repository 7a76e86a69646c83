import { useEffect } from "react";
import type { ClientRoom, RoomOptions, RoomStatus } from "../client/index.ts";
import type { Params } from "../contract/path.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import { useClient } from "./provider.ts";
import { useSubject } from "./use-subject.ts";

/** A room that is joined while its component is shown. */
export interface JoinedRoom<C extends RoomFacts> {
  /** The same object for the same name. */
  readonly room: ClientRoom<C>;
  readonly status: RoomStatus;
}

/** A room, or none. */
export type MaybeJoinedRoom<C extends RoomFacts> = JoinedRoom<C> | { readonly room: undefined; readonly status: RoomStatus };

const idle: RoomStatus = { kind: "idle", code: undefined };

/**
 * Joins a room while the component is shown; `null` as contract or parameters joins none. Components of one room share one join, and what is shown
 * again soon was never left. Parameters and presence may be written in place: only what they say counts. Without a presence the one that is shown stays.
 * @throws TypeError, NexiosError NOT_FOUND for parameters that no room can have
 */
export function useRoom<C extends RoomFacts>(contract: C, params: Params<C["path"]>, options?: RoomOptions<C>): JoinedRoom<C>;
export function useRoom<C extends RoomFacts>(contract: C | null, params: Params<C["path"]> | null, options?: RoomOptions<C>): MaybeJoinedRoom<C>;
export function useRoom<C extends RoomFacts>(contract: C | null, params: Params<C["path"]> | null, options: RoomOptions<C> = {}): MaybeJoinedRoom<C> {
  const client = useClient();
  const room = contract === null || params === null ? undefined : client.room(contract, params, options);
  const { presence } = options;
  useEffect(() => room?.hold(), [room]);
  useEffect(() => {
    if (presence !== undefined) room?.show(presence);
    // By what it says: most views write it in place.
  }, [room, JSON.stringify(presence)]);
  const status = useSubject(room, toStatus) ?? idle;
  return { room, status };
}

function toStatus({ status }: { readonly status: RoomStatus }): RoomStatus {
  return status;
}
