import type { DeviceRoom } from "./device-room.ts";
import type { Step } from "./step.ts";

/** What a device does in a room that it has joined. */
export type RoomStep = Extract<Step, { readonly kind: "leave" | "call" | "ask" | "signal" | "show" | "history" }>;

/** Does one such thing. `other`: the same room on another device of the user; `onShared` hears the id of a call that both make. */
export function playInRoom(room: DeviceRoom, step: RoomStep, other: DeviceRoom | undefined, onShared: (callId: string) => void): void {
  switch (step.kind) {
    case "leave":
      return room.leave();
    case "call": {
      const { callId } = room.requests.add(step);
      if (other?.isWanted !== true) return;
      onShared(callId);
      other.requests.add({ kind: "call", name: step.name, input: step.input, callId });
      return;
    }
    case "ask":
      room.requests.add(step);
      return;
    case "signal":
      return room.signal(step.name, step.payload);
    case "show":
      return room.show(step.presence);
    case "history":
      return room.history(Math.max(1, (room.copy.position?.count ?? 0) + 1 - step.back), step.limit);
  }
}
