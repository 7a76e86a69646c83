import { useEffect, useRef } from "react";
import type { ClientRoom } from "../client/index.ts";
import type { Signal, SignalName } from "../contract/outcome.ts";
import type { RoomFacts } from "../contract/room-contract.ts";

/** A signal as it arrives. */
export interface RoomSignal<C extends RoomFacts, Name extends SignalName<C>> {
  readonly userId: string;
  readonly payload: Signal<C, Name>;
}

/** Tells the newest `listener` of each signal of that name that arrives while the component is shown. */
export function useSignal<C extends RoomFacts, Name extends SignalName<C>>(
  room: ClientRoom<C> | undefined,
  name: Name,
  listener: (signal: RoomSignal<C, Name>) => void,
): void {
  const newest = useRef(listener);
  useEffect(() => {
    newest.current = listener;
  });
  useEffect(
    () =>
      room?.onSignal(({ name: received, userId, payload }) => {
        if (received === name) newest.current({ userId, payload: payload as Signal<C, Name> });
      }),
    [room, name],
  );
}
