import type { ClientRoom } from "nexios/client";
import { type JoinedRoom, type RoomCall, useCall, useRoom, useRoomState, useServerNow } from "nexios/react";
import { useMemo } from "react";
import { alertsRoom, type AlertsRoom } from "./contract.ts";
import type { Silence } from "./entry.ts";
import { type ShownAlert, viewAlerts } from "./view.ts";

/** Alerts as a page needs them. */
export interface AlertsView {
  /** Firing first. */
  readonly alerts: readonly ShownAlert[];
  readonly silences: readonly Silence[];
  /** False before the first snapshot: then there may be alerts. */
  readonly isKnown: boolean;
  readonly acknowledge: RoomCall<AlertsRoom, "acknowledge">;
  readonly dismiss: RoomCall<AlertsRoom, "dismiss">;
  readonly silence: RoomCall<AlertsRoom, "silence">;
  readonly unsilence: RoomCall<AlertsRoom, "unsilence">;
  readonly room: ClientRoom<AlertsRoom>;
  readonly status: JoinedRoom<AlertsRoom>["status"];
}

/** The alerts of that name, `main` unless given, while their component is shown. */
export function useAlerts(name = "main"): AlertsView {
  const { room, status } = useRoom(alertsRoom, { name });
  const state = useRoomState(room);
  const { now } = useServerNow(1_000);
  const shown = useMemo(() => (state === undefined ? { alerts: [], silences: [] } : viewAlerts(state, now)), [state, now]);
  const acknowledge = useCall(room, "acknowledge");
  const dismiss = useCall(room, "dismiss");
  const silence = useCall(room, "silence");
  const unsilence = useCall(room, "unsilence");
  return { ...shown, isKnown: state !== undefined, acknowledge, dismiss, silence, unsilence, room, status };
}
