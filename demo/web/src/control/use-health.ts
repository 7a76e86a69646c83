import { useRoom, useRoomState } from "nexios/react";
import { houseName } from "../../../rooms/house.ts";
import { health, type HealthView } from "../../../rooms/health.ts";

const place = { house: houseName };

/** The server's health; `undefined` before it has come. */
export function useHealth(): HealthView | undefined {
  const { room } = useRoom(health, place);
  return useRoomState(room);
}
