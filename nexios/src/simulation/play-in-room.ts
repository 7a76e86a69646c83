import type { ClientRoom } from "../client/client-room.ts";
import { readHistory } from "../client/read-history.ts";
import type { RequestOptions } from "../client/room-types.ts";
import type { RoomFacts } from "../contract/room-contract.ts";
import type { Device } from "./device.ts";
import type { Step } from "./step.ts";

/** What a device does in a room that it has joined. */
export type RoomStep = Extract<Step, { readonly kind: "leave" | "call" | "ask" | "signal" | "show" | "history" }>;

/** A plan has no types: it says what the kinds of rooms have. */
type UntypedRoom = Pick<ClientRoom<RoomFacts>, "contract" | "leave" | "onChange" | "pending" | "position"> & {
  call(name: string, input: unknown, options?: RequestOptions): Promise<unknown>;
  ask(name: string, input: unknown): Promise<unknown>;
  signal(name: string, payload: unknown): void;
  show(presence: unknown): void;
};

/** Does one such thing. `tab`: another device of the user, which makes the same call; `onShared` hears the id of a call that both make. */
export function playInRoom(device: Device, step: RoomStep, tab: Device | undefined, onShared: (callId: string) => void): void {
  const noted = device.rooms.get(step.room);
  const room = noted?.client as unknown as UntypedRoom | undefined;
  if (noted === undefined || room === undefined) return;
  switch (step.kind) {
    case "leave":
      return room.leave();
    case "call": {
      room.call(step.name, step.input).catch(noteNothing);
      const callId = room.pending.at(-1)?.callId;
      if (callId === undefined) return;
      noted.record(callId, step.name);
      const { againAfterMs } = step;
      if (againAfterMs !== undefined) device.repeatLater(callId, againAfterMs);
      const other = tab?.rooms.get(step.room);
      if (other?.isWanted !== true) return;
      onShared(callId);
      other.record(callId, step.name);
      (other.client as unknown as UntypedRoom | undefined)?.call(step.name, step.input, { callId }).catch(noteNothing);
      return;
    }
    case "ask":
      noted.asking++;
      room
        .ask(step.name, step.input)
        .catch(noteNothing)
        .finally(() => noted.asking--);
      return;
    case "signal":
      return room.signal(step.name, step.payload);
    case "show":
      return room.show(step.presence);
    case "history":
      readHistory(room, Math.max(1, (room.position?.count ?? 0) + 1 - step.back), step.limit).catch(noteNothing);
  }
}

/** What it came to is noted on the wire, and by what the room tells. */
function noteNothing(): void {}
