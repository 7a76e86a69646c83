import type { HostedRoom, RoomStates, StateBytes } from "../contract/hosted-room.ts";
import type { Checkpoint, Head, Place, Position, StoredEntry } from "../log/log.ts";
import { foldTail } from "./commit.ts";

/** What a process knows of a room: its states at a place of its log, and that place as members count. */
export interface Standing extends Place {
  readonly position: Position;
  readonly publicCheck: number;
  readonly states: RoomStates;
}

export function toStanding({ epoch, offset, check, position, publicCheck }: Head, states: RoomStates): Standing {
  return { epoch, offset, check, position, publicCheck, states };
}

/** Before the first entry of a log. */
export function firstStanding(epoch: string, room: HostedRoom): Standing {
  return { epoch, offset: 0, check: 0, position: 0, publicCheck: 0, states: room.initial() };
}

/** What a checkpoint keeps. */
export function toCheckpoint({ epoch, offset, check, position, publicCheck, states }: Standing, room: HostedRoom): Checkpoint {
  const { version, secret, public: shown } = room.encodeStates(states);
  return { epoch, offset, check, position, publicCheck, version, bytes: joinStates(secret, shown) };
}

/** @throws NexiosError VERSION_AHEAD or UNREADABLE */
export function fromCheckpoint({ epoch, offset, check, position, publicCheck, version, bytes }: Checkpoint, room: HostedRoom): Standing {
  return { epoch, offset, check, position, publicCheck, states: room.decodeStates({ version, ...splitStates(bytes) }) };
}

/** Folds on. What it throws concerns the room. */
export function advance(standing: Standing, entries: readonly StoredEntry[], room: HostedRoom): Standing {
  const last = entries.at(-1);
  if (last === undefined) return standing;
  const shown = entries.findLast((entry) => entry.public !== undefined)?.public;
  return {
    epoch: standing.epoch,
    offset: last.offset,
    check: last.check,
    position: shown?.position ?? standing.position,
    publicCheck: shown?.check ?? standing.publicCheck,
    states: foldTail(room, standing.states, entries),
  };
}

function joinStates(secret: Uint8Array, shown: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + secret.length + shown.length);
  new DataView(bytes.buffer).setUint32(0, secret.length);
  bytes.set(secret, 4);
  bytes.set(shown, 4 + secret.length);
  return bytes;
}

function splitStates(bytes: Uint8Array): Pick<StateBytes, "secret" | "public"> {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return { secret: bytes.subarray(4, end), public: bytes.subarray(end) };
}
